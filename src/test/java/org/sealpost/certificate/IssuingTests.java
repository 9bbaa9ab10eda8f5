package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** Certificates, authorities and requests made here stand before openssl. */
@RunningSealpost
class IssuingTests {

    private final CertificatesClient sealpost;
    private final ClientIdentities clients;
    @TempDir Path folder;

    IssuingTests(@Value("${local.server.port}") int http, ClientIdentities clients) {
        this.sealpost = new CertificatesClient(http);
        this.clients = clients;
    }

    @BeforeEach
    void needOpenssl() {
        Openssl.require();
    }

    @AfterEach
    void close() {
        sealpost.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA 2048", "RSA 3072", "RSA 4096", "EC P-256", "EC P-384", "Ed25519"})
    void aSelfSignedCertificateIsMadeOfEveryKind(String key) throws Exception {
        var made =
                sealpost.post(
                        "/certificates/self-signed",
                        "{\"names\":[\"Made.Example\",\"*.made.example\",\"192.0.2.7\"],\"key\":\"%s\"}"
                                .formatted(key));

        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        assertThat(made.body().at("/key").asString()).isEqualTo(key);
        assertThat(made.body().at("/hasPrivateKey").asBoolean()).isTrue();
        assertThat(made.body().at("/chainStatus").asString()).isEqualTo("self-signed");
        write("c.pem", pem(made.id()));
        assertThat(
                        Openssl.run(
                                folder,
                                "verify",
                                "-CAfile",
                                "c.pem",
                                "-x509_strict",
                                "-check_ss_sig",
                                "-verify_hostname",
                                "a.made.example",
                                "-purpose",
                                "sslserver",
                                "-partial_chain",
                                "c.pem"))
                .contains("c.pem: OK");
        assertThat(Openssl.run(folder, "x509", "-in", "c.pem", "-noout", "-ext", "subjectAltName"))
                .contains("DNS:made.example, DNS:*.made.example, IP Address:192.0.2.7");
    }

    @Test
    void theAnswerToARequestFindsTheKeyThatWaits() throws Exception {
        JsonNode request =
                sealpost.post(
                                "/certificates/requests",
                                "{\"names\":[\"client.example\",\"c2.example\"],\"key\":\"EC P-384\"}")
                        .body();
        write("r.csr", request.at("/pem").asString());
        assertThat(Openssl.run(folder, "req", "-in", "r.csr", "-noout", "-verify", "-text"))
                .contains("DNS:client.example, DNS:c2.example", "verify OK");

        String answer = Openssl.script(folder, ANSWER + "cat answer.crt ca.crt");
        var stored = sealpost.upload("client", answer);

        assertThat(stored.status()).as(stored.body().toString()).isEqualTo(201);
        assertThat(stored.body().at("/subject").asString()).isEqualTo("CN=client.example");
        assertThat(stored.body().at("/chainStatus").asString()).isEqualTo("complete");
        KeyIdentity identity = clients.client(stored.id()).orElseThrow();
        assertThat(
                        PrivateKeys.belongTogether(
                                identity.key(), identity.chain().getFirst().getPublicKey()))
                .isTrue();
        assertThat(sealpost.get("/certificates/requests/" + request.at("/id").asLong()).status())
                .isEqualTo(404);
        assertThat(sealpost.upload("client", answer).status()).isEqualTo(200);
    }

    @Test
    void aStoredKeyIsUsedAgainForTheNextCertificate() throws Exception {
        JsonNode old =
                sealpost.post(
                                "/certificates/self-signed",
                                "{\"purpose\":\"client\",\"names\":[\"again.example\"],\"key\":\"RSA 2048\"}")
                        .body();
        long id = old.at("/id").asLong();
        JsonNode request =
                sealpost.post("/certificates/requests", "{\"certificateId\":" + id + "}").body();
        assertThat(request.at("/names").toString()).isEqualTo("[\"again.example\"]");
        write("r.csr", request.at("/pem").asString());

        var stored = sealpost.upload("client", Openssl.script(folder, ANSWER + "cat answer.crt"));

        assertThat(stored.status()).as(stored.body().toString()).isEqualTo(201);
        assertThat(stored.id()).isNotEqualTo(id);
        assertThat(stored.body().at("/fingerprints/publicKey"))
                .isEqualTo(old.at("/fingerprints/publicKey"));
        assertThat(clients.client(stored.id()).orElseThrow().key())
                .isEqualTo(clients.client(id).orElseThrow().key());
    }

    @Test
    void aLabAuthorityIssues() throws Exception {
        long authority = sealpost.post("/certificates/authorities", "{\"name\":\"Lab CA\"}").id();
        write("ca.pem", pem(authority));

        var made =
                sealpost.post(
                        "/certificates/" + authority + "/issue",
                        "{\"names\":[\"lab.example\"],\"key\":\"RSA 2048\",\"days\":30}");

        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        assertThat(made.body().at("/chain").toString())
                .isEqualTo("[\"CN=lab.example\",\"CN=Lab CA\"]");
        write("leaf.pem", pem(made.id()));
        assertThat(
                        Openssl.run(
                                folder,
                                "verify",
                                "-x509_strict",
                                "-CAfile",
                                "ca.pem",
                                "-purpose",
                                "sslserver",
                                "-verify_hostname",
                                "lab.example",
                                "leaf.pem"))
                .contains("leaf.pem: OK");
        assertThat(
                        sealpost.post(
                                        "/certificates/" + made.id() + "/issue",
                                        "{\"names\":[\"x.example\"]}")
                                .problem())
                .contains("no authority that was made here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "self-signed | {}                                                | names",
                "self-signed | {\"names\":[]}                                    | names",
                "self-signed | {\"names\":[\"a b\"]}                             | names",
                "self-signed | {\"names\":[null]}                                | names",
                "self-signed | {\"names\":[\"*.*.example\"]}                     | names",
                "self-signed | {\"names\":[\"a.example\"],\"key\":\"RSA 1024\"}  | key",
                "self-signed | {\"names\":[\"a.example\"],\"days\":0}            | days",
                "self-signed | {\"names\":[\"a.example\"],\"days\":99999}        | days",
                "self-signed | {\"names\":[\"a.example\"],\"purpose\":\"trust\"} | purpose",
                "authorities | {}                                                | name",
                "requests    | {}                                                | names",
                "requests    | {\"certificateId\":999999}                        | certificateId"
            })
    void whatCannotBeMadeIsRefusedAtItsField(String what, String draft, String field) {
        var refused = sealpost.post("/certificates/" + what, draft);

        assertThat(refused.problem()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void aRequestThatIsForgottenTakesItsKeyWithIt() throws Exception {
        JsonNode request =
                sealpost.post("/certificates/requests", "{\"names\":[\"gone.example\"]}").body();
        String path = "/certificates/requests/" + request.at("/id").asLong();
        assertThat(sealpost.get("/certificates/requests").body().toString())
                .contains("gone.example");
        assertThat(sealpost.delete(path).status()).isEqualTo(204);
        write("r.csr", request.at("/pem").asString());

        String answer = Openssl.script(folder, ANSWER + "cat answer.crt");

        assertThat(sealpost.upload("server", answer).problem()).contains("needs its private key");
        assertThat(sealpost.delete(path).status()).isEqualTo(404);
    }

    private static final String ANSWER =
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \\
              -out ca.crt -subj "/CN=Their CA" -days 9 2>/dev/null
            openssl x509 -req -in r.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 9 \\
              -out answer.crt 2>/dev/null
            """;

    private String pem(long id) {
        return sealpost.get("/certificates/" + id + "/pem").body().asString();
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
    }
}
