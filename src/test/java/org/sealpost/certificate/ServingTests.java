package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What listeners present, seen by {@code openssl s_client}: changed live, chosen by name and key.
 */
@RunningSealpost
class ServingTests {

    private final CertificatesClient sealpost;
    private final Listeners listeners;
    private final TestCa ca = TestCa.create();
    @TempDir Path folder;

    ServingTests(@Value("${local.server.port}") int http, Listeners listeners) {
        this.sealpost = new CertificatesClient(http);
        this.listeners = listeners;
    }

    @BeforeEach
    void needOpenssl() {
        Openssl.require();
    }

    @AfterEach
    void close() {
        present("smtps", List.of());
        groups();
        present("smtp", List.of());
        sealpost.close();
    }

    @Test
    void anotherCertificateIsServedWithoutOneFailedConnection() {
        long first = sealpost.upload("server", ca.leaf("first.example").issue().pem()).id();
        long second = sealpost.upload("server", ca.leaf("second.example").issue().pem()).id();
        present("smtps", List.of(first));
        var seen = new CopyOnWriteArrayList<String>();
        var done = new AtomicBoolean();
        Thread loop =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!done.get()) {
                                seen.add(served("smtps", "", ""));
                            }
                        });
        await().until(() -> seen.contains("first.example"));

        present("smtps", List.of(second));
        String next = served("smtps", "", "");

        await().until(() -> seen.contains("second.example"));
        for (int i = 0; i < 5; i++) {
            present("smtps", List.of(i % 2 == 0 ? first : second));
        }
        present("smtps", List.of(second));
        int soFar = seen.size();
        await().until(() -> seen.size() > soFar + 2);
        done.set(true);
        await().until(() -> !loop.isAlive());
        assertThat(next).isEqualTo("second.example");
        assertThat(seen).containsOnly("first.example", "second.example");
        assertThat(seen.getLast()).isEqualTo("second.example");
    }

    @Test
    void rsaAndEcdsaStandSideBySideAndTheNameChooses() {
        Openssl.script(
                folder,
                """
                for name in a b; do
                  openssl req -x509 -newkey rsa:2048 -nodes -keyout $name.key -out $name.crt -days 9 \\
                    -subj /CN=rsa-$name -addext subjectAltName=DNS:$name.example 2>/dev/null
                  cat $name.crt $name.key > $name.pem
                  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key \\
                    -out $name.crt -days 9 -subj /CN=ec-$name -addext subjectAltName=DNS:$name.example 2>/dev/null
                  cat $name.crt $name.key > ec-$name.pem
                done
                """);
        present(
                "smtp",
                List.of("a.pem", "ec-a.pem", "b.pem", "ec-b.pem").stream()
                        .map(file ->
                                sealpost.upload("server", Openssl.script(folder, "cat " + file))
                                        .id())
                        .toList());

        String rsa = " -sigalgs rsa_pss_rsae_sha256:RSA+SHA256";
        String ec = " -sigalgs ECDSA+SHA256";
        assertThat(served("smtp", "a.example", rsa)).isEqualTo("rsa-a");
        assertThat(served("smtp", "a.example", ec)).isEqualTo("ec-a");
        assertThat(served("smtp", "b.example", rsa)).isEqualTo("rsa-b");
        assertThat(served("smtp", "B.example", ec)).isEqualTo("ec-b");
        assertThat(served("smtp", "b.example", rsa + " -tls1_2")).isEqualTo("rsa-b");
        assertThat(served("smtp", "b.example", ec + " -tls1_2")).isEqualTo("ec-b");
        assertThat(served("smtp", "unknown.example", rsa)).isEqualTo("rsa-a");
        assertThat(served("smtp", "", ec)).isEqualTo("ec-a");
    }

    @Test
    void aSuccessorTakesThePlaceOfTheOldCertificateEverywhere() {
        long old = sealpost.upload("server", ca.leaf("old.example").issue().pem()).id();
        long next = sealpost.upload("server", ca.leaf("next.example").issue().pem()).id();
        present("smtps", List.of(old));

        JsonNode staged = successor(old, next, null);
        assertThat(staged.at("/successor/certificateId").asLong()).isEqualTo(next);
        assertThat(staged.at("/successor/switched").asBoolean()).isFalse();
        assertThat(served("smtps", "", "")).isEqualTo("old.example");
        assertThat(sealpost.delete("/certificates/" + next).status()).isEqualTo(409);

        assertThat(sealpost.post("/certificates/" + old + "/successor/switch", "").status())
                .isEqualTo(200);
        assertThat(served("smtps", "", "")).isEqualTo("next.example");
        assertThat(usedBy(next)).contains("the listener smtps");
        assertThat(usedBy(old)).isEqualTo("[]");

        assertThat(sealpost.delete("/certificates/" + old + "/successor").status()).isEqualTo(200);
        assertThat(served("smtps", "", "")).isEqualTo("old.example");

        successor(old, next, "2020-01-01T00:00:00Z");
        assertThat(sealpost.delete("/certificates/" + old).status()).isEqualTo(204);
        assertThat(served("smtps", "", "")).isEqualTo("next.example");
        var refused = sealpost.delete("/certificates/" + next);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().at("/detail").asString()).contains("the listener smtps");
    }

    @Test
    void aPlannedSwitchHappensAtItsTime() {
        long old = sealpost.upload("server", ca.leaf("today.example").issue().pem()).id();
        long next = sealpost.upload("server", ca.leaf("tomorrow.example").issue().pem()).id();
        present("smtps", List.of(old));

        successor(old, next, Instant.now().plusSeconds(1).toString());

        await().atMost(Duration.ofSeconds(10))
                .until(() -> served("smtps", "", "").equals("tomorrow.example"));
    }

    @Test
    void whatCannotFollowIsRefused() {
        long server = sealpost.upload("server", ca.leaf("s.example").issue().pem()).id();
        long client =
                sealpost.upload("client", ca.leaf("c.example").forClients().issue().pem()).id();
        long other = sealpost.upload("server", ca.leaf("o.example").issue().pem()).id();
        successor(server, other, null);

        for (long unfit : List.of(client, server, 999_999L)) {
            assertThat(plan(server, unfit, null).problem()).contains("certificateId");
        }
        assertThat(plan(other, server, null).problem()).contains("itself to be followed");
        assertThat(plan(999_999, other, null).status()).isEqualTo(404);
        assertThat(sealpost.post("/certificates/" + other + "/successor/switch", "").status())
                .isEqualTo(409);
        assertThat(listener("smtps", List.of(client)).problem()).contains("certificateIds");
    }

    // Java's TLS 1.2 presents no certificate whose key is on a curve that is not among the groups.
    @Test
    void whatAListenersGroupsCannotPresentCannotFollow() {
        long old = sealpost.upload("server", ca.leaf("p256.example").issue().pem()).id();
        Openssl.script(
                folder,
                """
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout k \
                  -out c -days 9 -subj /CN=p384 -addext subjectAltName=DNS:p384.example 2>/dev/null
                """);
        long next = sealpost.upload("server", Openssl.script(folder, "cat c k")).id();
        present("smtps", List.of(old));
        groups("secp256r1");

        assertThat(plan(old, next, null).problem()).contains("certificateId", "smtps");
        assertThat(listener("smtps", List.of(next)).problem()).contains("groups", "TLS");

        groups("secp256r1", "secp384r1");
        successor(old, next, null);
        groups("secp256r1");
        assertThat(sealpost.post("/certificates/" + old + "/successor/switch", "").problem())
                .contains("certificateId", "smtps");
        assertThat(listener("smtps", List.of(next, old)).status()).isEqualTo(200);
    }

    private void groups(String... names) {
        var document = (ObjectNode) sealpost.get("/listeners/smtps").body();
        var array = document.putArray("groups");
        List.of(names).forEach(array::add);
        assertThat(sealpost.put("/listeners/smtps", document.toString()).status()).isEqualTo(200);
    }

    private JsonNode successor(long old, long next, @Nullable String at) {
        CertificatesClient.Answer answer = plan(old, next, at);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private CertificatesClient.Answer plan(long old, long next, @Nullable String at) {
        String body =
                "{\"certificateId\":%d,\"switchAt\":%s}"
                        .formatted(next, at == null ? "null" : "\"" + at + "\"");
        return sealpost.put("/certificates/" + old + "/successor", body);
    }

    private String usedBy(long id) {
        return sealpost.get("/certificates/" + id).body().at("/usedBy").toString();
    }

    private void present(String listener, List<Long> ids) {
        assertThat(listener(listener, ids).status()).isEqualTo(200);
    }

    private CertificatesClient.Answer listener(String name, List<Long> ids) {
        var document = (ObjectNode) sealpost.get("/listeners/" + name).body();
        var array = document.putArray("certificateIds");
        ids.forEach(array::add);
        return sealpost.put("/listeners/" + name, document.toString());
    }

    /** The common name of what a listener presents. */
    private String served(String listener, String name, String more) {
        String begin = listener.equals("smtps") ? "" : " -starttls smtp";
        String sni = name.isEmpty() ? " -noservername" : " -servername " + name;
        String output =
                Openssl.script(
                        folder,
                        "echo QUIT | openssl s_client -connect 127.0.0.1:%d%s%s%s 2>&1 | openssl x509 -noout -subject"
                                .formatted(port(listener), begin, sni, more));
        return output.lines()
                .filter(line -> line.startsWith("subject="))
                .map(line -> line.replaceFirst(".*CN ?= ?", ""))
                .collect(Collectors.joining());
    }

    private int port(String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
