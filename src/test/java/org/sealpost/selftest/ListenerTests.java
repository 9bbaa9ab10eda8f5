package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sealpost.selftest.SelfTestClient.detail;
import static org.sealpost.selftest.SelfTestClient.steps;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.smtp.Strangers;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Our own listeners, tested as a stranger meets them. */
@RunningSealpost
class ListenerTests {

    private static final String STANDARD =
            "chain warn, expiry pass, name pass, ehlo2 pass, policy pass,"
                    + " served-equals-stored pass, protocols pass, ciphers pass, resumption pass,"
                    + " renegotiation-refused pass, old-tls-refused pass, weak-ciphers-refused pass,"
                    + " session pass, plaintext-auth-refused pass, starttls-injection pass,"
                    + " open-relay-refused pass";

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpCaller admin;
    private final SelfTestClient tests;
    private final Configurer configurer;
    private final String relay;

    ListenerTests(@Value("${local.server.port}") int http) throws Exception {
        admin = HttpCaller.administrator(http);
        tests = new SelfTestClient(admin);
        configurer = new Configurer(http);
        relay = admin.get("/api/v1/settings/relay").body();
    }

    @AfterEach
    void restore() throws Exception {
        assertThat(admin.json("PUT", "/api/v1/settings/relay", relay).statusCode()).isEqualTo(200);
    }

    @Test
    void theSmtpListenerRefusesWhatItMust() throws Exception {
        JsonNode test = tests.run("listener", "smtp");

        assertThat(steps(test.at("/targets/0")))
                .as(test.toPrettyString())
                .isEqualTo(
                        "connect pass, banner pass, ehlo pass, starttls pass, handshake pass, "
                                + STANDARD
                                + ", smuggling-refused pass");
        assertThat(test.at("/listener").asString()).isEqualTo("smtp");
        assertThat(test.at("/grade").asString()).isEqualTo("B");
        assertThat(test.at("/reasons")).hasSize(1);
        assertThat(test.at("/verdict/outcome").asString()).isEqualTo("deliver-encrypted");
        JsonNode target = test.at("/targets/0");
        assertThat(detail(target, "protocols")).isEqualTo("TLSv1.3, TLSv1.2.");
        assertThat(detail(target, "ciphers"))
                .contains("TLS_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", "x25519")
                .contains("own preference");
        assertThat(detail(target, "ciphers").split("Groups: ")[1])
                .contains("x25519, secp256r1, secp384r1, secp521r1, x448, ffdhe2048");
        assertThat(detail(target, "ehlo2"))
                .isEqualTo("STARTTLS is not offered any more. AUTH is offered.");
        assertThat(detail(target, "session")).contains("nothing is queued");
        // Its sessions are marked, and in the live log only for who wants them.
        await().untilAsserted(() ->
                assertThat(
                                tests.get("/api/v1/events?direction=inbound")
                                        .at("/items/0/type")
                                        .asString())
                        .isEqualTo("self-test"));
        assertThat(tests.get("/api/v1/events?direction=inbound&selfTests=false").toString())
                .doesNotContain("\"self-test\"");
        assertThat(SelfTestClient.step(target, "open-relay-refused").toString())
                .contains("Relay access denied");
    }

    @Test
    void aListenerWithImplicitTlsHasNoClearText() throws Exception {
        JsonNode target = tests.run("listener", "smtps").at("/targets/0");

        assertThat(steps(target))
                .contains("handshake pass", "protocols pass", "smuggling-refused pass")
                .doesNotContain("starttls", "plaintext-auth-refused", "fail");
    }

    @Test
    void aListenerForSignedInUsersLetsAStrangerNotEvenBegin() throws Exception {
        JsonNode target = tests.run("listener", "submission").at("/targets/0");

        assertThat(steps(target)).contains("open-relay-refused pass").doesNotContain("fail");
        assertThat(detail(target, "open-relay-refused")).contains("530");
        assertThat(SelfTestClient.step(target, "smuggling-refused").at("/status").asString())
                .isEqualTo("skip");
    }

    @ParameterizedTest
    @CsvSource({"203.0.0.0/8, true", "198.51.0.0/16, false"})
    void wideRelayNetworksAreAnOpenRelay(String network, boolean open) throws Exception {
        admin.json(
                "PUT",
                "/api/v1/settings/relay",
                "{\"networks\":[\"127.0.0.0/8\",\"%s\"],\"domains\":[],\"openRelayReason\":\"a test\"}"
                        .formatted(network));

        JsonNode test = tests.run("listener", "submission");

        assertThat(steps(test.at("/targets/0")))
                .contains("open-relay-refused " + (open ? "fail" : "pass"));
        assertThat(test.at("/grade").asString()).isEqualTo(open ? "F" : "B");
    }

    @Test
    void anExpiredCertificateFailsChainAndExpiry() throws Exception {
        TestCa.Identity expired =
                TestCa.create("Expired CA").leaf("relay.example.test").expired().issue();
        HttpResponse<String> stored =
                admin.send(
                        "POST", "/api/v1/certificates?purpose=server", expired.pem(), "text/plain");
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
        long id = json.readTree(stored.body()).at("/id").asLong();
        String before = admin.get("/api/v1/listeners/smtps").body();
        var changed = (ObjectNode) json.readTree(before);
        changed.putArray("certificateIds").add(id);
        try {
            HttpResponse<String> put =
                    admin.json("PUT", "/api/v1/listeners/smtps", changed.toString());
            assertThat(put.statusCode()).as(put.body()).isEqualTo(200);

            JsonNode test = tests.run("listener", "smtps");

            assertThat(steps(test.at("/targets/0")))
                    .contains("chain fail, expiry fail", "served-equals-stored pass");
            assertThat(test.at("/grade").asString()).isEqualTo("D");
        } finally {
            admin.json("PUT", "/api/v1/listeners/smtps", before);
            admin.json("DELETE", "/api/v1/certificates/" + id, null);
        }
    }

    @Test
    void aRealMessageGoesToAMailboxThatAStrangerMayWriteTo() throws Exception {
        admin.json(
                "PUT",
                "/api/v1/settings/relay",
                "{\"networks\":[\"127.0.0.0/8\"],\"domains\":[\"mailbox.example\"]}");
        try (var sink = new SmtpPeer()) {
            long route = configurer.route("mailbox.example", sink.nextHop());
            try {
                JsonNode target =
                        tested("{\"listener\":\"smtp\",\"messageTo\":\"me@mailbox.example\"}");

                assertThat(SelfTestClient.step(target, "session").at("/status").asString())
                        .as(detail(target, "session"))
                        .isEqualTo("pass");
                assertThat(detail(target, "session")).contains("queued as ");
                await().untilAsserted(() -> assertThat(sink.taken()).hasSize(1));
                assertThat(sink.taken().getFirst().text())
                        .contains("Subject: Self-test of the listener smtp", "Auto-Submitted:");
                assertThat(sink.taken().getFirst().commands())
                        .anyMatch(line -> line.startsWith("MAIL FROM:<>"));
            } finally {
                admin.json("DELETE", "/api/v1/routes/" + route, null);
            }
        }
    }

    @Test
    void aMessageIsForOurOwnListenersOnly() throws Exception {
        HttpResponse<String> refused =
                admin.json(
                        "POST",
                        SelfTestClient.PATH,
                        "{\"nextHop\":\"[mx.example.com]\",\"messageTo\":\"a@mailbox.example\"}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("\"messageTo\"", "own listeners only");
    }

    private JsonNode tested(String body) throws Exception {
        HttpResponse<String> started = admin.json("POST", SelfTestClient.PATH, body);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        return tests.untilOver(started.headers().firstValue("Location").orElseThrow())
                .at("/targets/0");
    }

    /** A whole test has more than thirty sessions; each that reaches the listener is an event. */
    @Test
    void aCancelledTestLeavesTheListenerAloneAtOnce() throws Exception {
        Instant begun = Instant.now();
        String path = tests.start("listener", "submission");
        tests.until(path, test -> steps(test.at("/targets/0")).contains("served-equals-stored"));

        assertThat(admin.json("DELETE", path, null).body()).contains("\"state\":\"cancelled\"");

        await().during(Duration.ofMillis(500)).until(Strangers::registered, none -> none == 0);
        assertThat(
                        tests.get(
                                        "/api/v1/events?direction=inbound&listener=submission&since="
                                                + begun)
                                .at("/total")
                                .asInt())
                .isLessThan(20);
    }

    @Test
    void anUnknownListenerIsRefused() throws Exception {
        HttpResponse<String> refused = tests.post("listener", "nosuch");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("\"listener\"");
    }
}
