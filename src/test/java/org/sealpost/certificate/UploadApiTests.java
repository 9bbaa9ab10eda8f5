package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.testing.Pem;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** The certificates' API: previews, uploads of every size, the list, and fingerprints. */
@RunningSealpost
class UploadApiTests {

    private final CertificatesClient sealpost;
    private final TestCa ca = TestCa.create();

    UploadApiTests(@Value("${local.server.port}") int http) {
        this.sealpost = new CertificatesClient(http);
    }

    @AfterEach
    void close() {
        sealpost.close();
    }

    @Test
    void aPreviewTellsAllAndStoresNothing() {
        long before = total();
        var relay = ca.leaf("preview.example").issue();

        JsonNode good = form("server", relay.pem()).post("/certificates?dry-run=true").body();
        JsonNode bad = form("server", relay.chainPem()).post("/certificates?dry-run=true").body();
        JsonNode unreadable = form("peer", "words").post("/certificates?dry-run=true").body();

        assertThat(good.at("/errors").isEmpty()).isTrue();
        assertThat(good.at("/existingId").isNull()).isTrue();
        assertThat(good.at("/certificate/subject").asString()).isEqualTo("CN=preview.example");
        assertThat(good.at("/certificate/chain").size()).isEqualTo(2);
        assertThat(good.at("/certificate/warnings").toString())
                .contains("not made for this server's name relay.example.test");
        assertThat(bad.at("/errors/0/message").asString()).contains("needs its private key");
        assertThat(unreadable.at("/errors/0/field").asString()).isEqualTo("file");
        assertThat(total()).isEqualTo(before);

        long id = sealpost.upload("server", relay.pem()).id();
        JsonNode known = form("server", relay.pem()).post("/certificates?dry-run=true").body();
        assertThat(known.at("/existingId").asLong()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(ints = {10 * 1024 * 1024 + 1, 12 * 1024 * 1024, 100 * 1024 * 1024})
    void aFileThatIsTooLargeIsRefusedInWords(int octets) {
        long before = total();

        var answer =
                sealpost.form()
                        .field("purpose", "anchor")
                        .file(new byte[octets])
                        .post("/certificates");

        assertThat(answer.problem()).contains("larger than 10 MB");
        assertThat(total()).isEqualTo(before);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedInWords() {
        byte[] body = new byte[10 * 1024 * 1024 + 1];

        assertThat(sealpost.send("POST", "/fingerprints", body, "text/plain").problem())
                .contains("larger than 10 MB");
    }

    @Test
    void aThousandAuthoritiesAreOneAnchor() {
        String bundle =
                IntStream.range(0, 1000)
                        .mapToObj(i -> TestCa.create("Authority " + i).pem())
                        .collect(Collectors.joining());

        var stored = sealpost.upload("anchor", bundle);

        assertThat(stored.status()).isEqualTo(201);
        assertThat(stored.body().get("chain").size()).isEqualTo(1000);
        assertThat(sealpost.upload("anchor", bundle).id()).isEqualTo(stored.id());
        String pem = sealpost.get("/certificates/" + stored.id() + "/pem").body().asString();
        assertThat(pem).isEqualTo(bundle);
    }

    @Test
    void theFileMayBeTheBody() {
        String pem = Pem.of(ca.leaf("body.example").issue().leaf());

        var stored =
                sealpost.send(
                        "POST",
                        "/certificates?purpose=peer",
                        pem.getBytes(StandardCharsets.UTF_8),
                        "application/x-pem-file");

        assertThat(stored.status()).as(stored.body().toString()).isEqualTo(201);
        assertThat(stored.body().at("/chainStatus").asString()).isEqualTo("incomplete");
    }

    @Test
    void theListIsSearchedSortedAndTurnedPageByPage() {
        String mark = "m" + UUID.randomUUID().toString().substring(0, 8);
        for (String name : List.of("c", "a", "b")) {
            sealpost.upload("peer", Pem.of(ca.leaf(name + "." + mark + ".example").issue().leaf()));
        }

        var subjects = new ArrayList<String>();
        String cursor = "";
        do {
            JsonNode page =
                    sealpost.get(
                                    "/certificates?size=2&sort=-subject&q="
                                            + mark
                                            + "&cursor="
                                            + cursor)
                            .body();
            assertThat(page.at("/total").asLong()).isEqualTo(3);
            page.at("/items").forEach(item -> subjects.add(item.get("subject").asString()));
            cursor = page.at("/nextCursor").asString("");
        } while (!cursor.isEmpty());

        assertThat(subjects)
                .containsExactly(
                        "CN=c." + mark + ".example",
                        "CN=b." + mark + ".example",
                        "CN=a." + mark + ".example");
        JsonNode item =
                sealpost.get("/certificates?purpose=peer&q=a." + mark).body().at("/items/0");
        String fingerprint = item.at("/fingerprints/certificate/sha256").asString();
        assertThat(sealpost.get("/certificates?q=" + fingerprint).body().at("/items/0"))
                .isEqualTo(item);
        assertThat(sealpost.get("/certificates?sort=colour").status()).isEqualTo(400);
        assertThat(sealpost.get("/certificates?cursor=colour").status()).isEqualTo(400);
    }

    @Test
    void fingerprintsOfAnythingAreToldAndNothingIsStored() {
        var partner = ca.leaf("partner.example").issue();
        long before = total();
        byte[] pem = partner.chainPem().getBytes(StandardCharsets.UTF_8);

        JsonNode body =
                sealpost.send("POST", "/fingerprints", pem, "application/x-pem-file").body();
        JsonNode form = sealpost.form().file(partner.pem()).post("/fingerprints").body();

        String key = Fingerprint.ofPublicKey(partner.leaf(), Digest.SHA256).colonText();
        assertThat(body.at("/publicKey/sha256").asString()).isEqualTo(key);
        assertThat(body.at("/tlsa/0").asString()).isEqualTo("3 1 1 " + key.replace(":", ""));
        assertThat(body.at("/tlsa").toString()).contains("2 1 1 ");
        assertThat(body.at("/postfixMatch").asString())
                .isEqualTo(Fingerprint.ofCertificate(partner.leaf(), Digest.SHA256).colonText());
        assertThat(form).isEqualTo(body);
        assertThat(total()).isEqualTo(before);
        long id = sealpost.upload("peer", partner.chainPem()).id();
        assertThat(sealpost.get("/certificates/" + id + "/fingerprints").body()).isEqualTo(body);
        assertThat(sealpost.form().file("words").post("/fingerprints").problem())
                .contains("no cert");
        assertThat(sealpost.get("/certificates/999999/fingerprints").status()).isEqualTo(404);
    }

    private CertificatesClient.Form form(String purpose, String file) {
        return sealpost.form().field("purpose", purpose).file(file);
    }

    private long total() {
        return sealpost.get("/certificates").body().at("/total").asLong();
    }
}
