package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A listener's document over the API, and that each change acts on the next connection. */
@RunningSealpost
class ListenerDocumentTests {

    private final HttpCaller api;
    private final Listeners listeners;
    private final JsonMapper json;
    private String smtp = "";
    private String smtps = "";
    @TempDir Path folder;

    ListenerDocumentTests(
            @Value("${local.server.port}") int http, Listeners listeners, JsonMapper json) {
        this.api = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
    }

    @BeforeEach
    void remember() throws Exception {
        smtp = api.get("/api/v1/listeners/smtp").body();
        smtps = api.get("/api/v1/listeners/smtps").body();
    }

    @AfterEach
    void restore() throws Exception {
        assertThat(put("smtp", smtp).statusCode()).isEqualTo(200);
        assertThat(put("smtps", smtps).statusCode()).isEqualTo(200);
    }

    @Test
    void itHasTheFieldsClientsAreWrittenAgainst() {
        assertThat(json.readTree(smtp).propertyNames())
                .contains(
                        "name",
                        "port",
                        "address",
                        "level",
                        "implicitTls",
                        "certificateIds",
                        "protocols",
                        "ciphers",
                        "clientCertificate",
                        "authRequired",
                        "excludeCiphers",
                        "groups",
                        "receivedTlsHeader",
                        "sessionCacheSeconds",
                        "logLevel",
                        "proxyPeers",
                        "clientCertificateRelay",
                        "limits");
        assertThat(json.readTree(smtp).get("limits").propertyNames())
                .contains(
                        "commandTimeoutSeconds",
                        "maxRecipients",
                        "maxErrors",
                        "maxMessageBytes",
                        "maxReceivedHeaders",
                        "maxSessions",
                        "maxSessionsPerAddress");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name                  | {\"name\":\"smtps\"}",
                "port                  | {\"port\":70000}",
                "port                  | {\"port\":-1}",
                "port                  | {\"port\":\"x\"}",
                "port                  | {\"port\":2465}",
                "port                  | {\"port\":null}",
                "address               | {\"address\":\"mx.example.com\"}",
                "address               | {\"address\":\"192.0.2.1\"}",
                "level                 | {\"level\":\"secure\"}",
                "level                 | {\"level\":null}",
                "level                 | {\"level\":\"none\",\"authRequired\":true}",
                "certificateIds        | {\"certificateIds\":[999999]}",
                "certificateIds        | {\"certificateIds\":[null]}",
                "protocols             | {\"protocols\":\">=TLSv9\"}",
                "protocols             | {\"protocols\":\"\"}",
                "protocols             | {\"protocols\":\"SSLv3\"}",
                "ciphers               | {\"ciphers\":\"strong\"}",
                "excludeCiphers        | {\"excludeCiphers\":\"FOO\"}",
                "excludeCiphers        | {\"excludeCiphers\":null}",
                "excludeCiphers        | {\"excludeCiphers\":\"HIGH\",\"protocols\":\"TLSv1.2\"}",
                "groups                | {\"groups\":[\"dh1024\"]}",
                "groups                | {\"groups\":[\"x25519\",\"X25519\"]}",
                "groups                | {\"groups\":[\"x25519\",\"secp384r1\"]}",
                "groups                | {\"groups\":[\"ffdhe2048\"],\"protocols\":\"TLSv1.2\"}",
                "clientCertificate     | {\"clientCertificate\":\"maybe\"}",
                "clientCertificate     | {\"clientCertificate\":\"require\"}",
                "clientCertificateRelay| {\"clientCertificateRelay\":[{\"fingerprint\":\"AA:BB\"}]}",
                "clientCertificateRelay| {\"clientCertificateRelay\":[{\"name\":\"x\"}]}",
                "clientCertificateRelay| {\"clientCertificateRelay\":[{\"fingerprint\":\"00112233445566778899aabbccddeeff00112233\"}]}",
                "clientCertificateRelay.expiresAt| {\"clientCertificateRelay\":[{\"fingerprint\":\"AA\",\"expiresAt\":\"soon\"}]}",
                "sessionCacheSeconds   | {\"sessionCacheSeconds\":-1}",
                "logLevel              | {\"logLevel\":5}",
                "proxyPeers            | {\"proxyPeers\":[\"192.0.2.1/24\"]}",
                "proxyPeers            | {\"proxyPeers\":[\"0.0.0.0/0\"]}",
                "proxyPeers            | {\"proxyPeers\":[\"198.0.0.0/8\"]}",
                "limits                | {\"limits\":null}",
                "limits.maxRecipients  | {\"limits\":{\"commandTimeoutSeconds\":300,\"maxRecipients\":0,\"maxErrors\":20,\"maxMessageBytes\":1,\"maxReceivedHeaders\":1,\"maxSessions\":1,\"maxSessionsPerAddress\":1}}",
                "limits.maxErrors      | {\"limits\":{\"commandTimeoutSeconds\":300,\"maxRecipients\":1}}",
                "nonsense              | {\"nonsense\":1}",
            })
    void whatCannotBeUsedIsRefusedAtItsField(String field, String change) throws Exception {
        var wanted = (ObjectNode) json.readTree(smtp);
        wanted.setAll((ObjectNode) json.readTree(change));

        HttpResponse<String> refused = put("smtp", wanted.toString());

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        JsonNode problem = json.readTree(refused.body());
        assertThat(problem.at("/errors/0/field").asString()).as(refused.body()).isEqualTo(field);
        assertThat(problem.at("/remedy").asString()).isNotEmpty();
        assertThat(api.get("/api/v1/listeners/smtp").body()).isEqualTo(smtp);
    }

    @Test
    void aChangeIsAuditedWithBothValuesAndTheReasonAndGuardedByItsVersion() throws Exception {
        HttpResponse<String> read = api.get("/api/v1/listeners/smtp");
        String version = read.headers().firstValue("ETag").orElseThrow();
        var wanted = (ObjectNode) json.readTree(smtp);
        wanted.put("sessionCacheSeconds", 60).put("logLevel", 2);

        HttpResponse<String> changed =
                api.json(
                        "PUT",
                        "/api/v1/listeners/smtp",
                        wanted.toString(),
                        "If-Match",
                        version,
                        "X-Change-Reason",
                        "shorter tickets");

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(json.readTree(changed.body())).isEqualTo(wanted);
        JsonNode entry = json.readTree(api.get("/api/v1/audit?size=1").body()).at("/items/0");
        assertThat(entry.get("action").asString()).isEqualTo("listener.changed");
        assertThat(entry.at("/before/sessionCacheSeconds").asInt()).isEqualTo(3600);
        assertThat(entry.at("/after/sessionCacheSeconds").asInt()).isEqualTo(60);
        assertThat(entry.at("/after/reason").asString()).isEqualTo("shorter tickets");
        assertThat(
                        api.json("PUT", "/api/v1/listeners/smtp", smtp, "If-Match", version)
                                .statusCode())
                .isEqualTo(412);
        assertThat(api.json("PUT", "/api/v1/listeners/other", smtp).statusCode()).isEqualTo(404);
    }

    @Test
    void theLevelActsOnTheNextConnection() throws Exception {
        change("smtp", "{\"level\":\"none\"}");
        try (var talk = new Talk(port("smtp"))) {
            assertThat(talk.line()).startsWith("220 ");
            assertThat(talk.say("STARTTLS")).isEqualTo("502 5.5.1 Error: command not implemented");
            talk.send("EHLO client.example\r\n");
            for (String line = talk.line();
                    line != null && !line.startsWith("250 ");
                    line = talk.line()) {
                assertThat(line).doesNotContain("STARTTLS", "AUTH");
            }
        }

        change("smtp", "{\"level\":\"encrypt\"}");

        assertThat(
                        SmtpPeer.talk(
                                port("smtp"),
                                "EHLO client.example",
                                "MAIL FROM:<a@sender.example>"))
                .last()
                .isEqualTo("530 5.7.0 Must issue a STARTTLS command first");
    }

    @Test
    void versionsSuitesAndGroupsActOnTheNextConnection() throws Exception {
        Openssl.require();
        assertThat(session("-tls1_2")).contains("Protocol  : TLSv1.2");
        assertThat(session("-tls1_1")).contains("Cipher is (NONE)");
        change(
                "smtps",
                "{\"protocols\":\">=TLSv1.2\",\"excludeCiphers\":\"SHA1 SHA256 SHA384 AES128\","
                        + "\"groups\":[\"secp384r1\",\"secp256r1\",\"ffdhe2048\"]}");
        assertThat(session("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -groups P-384"))
                .contains("handshake failure");
        assertThat(session("-tls1_3 -groups X25519:P-384")).contains("ECDH, secp384r1, 384 bits");
        assertThat(session("-tls1_3 -groups X25519")).contains("Cipher is (NONE)");

        // In TLS 1.3 the groups say nothing about the certificate, whose key is on P-256.
        change("smtps", "{\"protocols\":\">=TLSv1.3\",\"groups\":[\"secp384r1\"]}");

        assertThat(session("-tls1_2")).contains("alert protocol version");
        assertThat(session("-tls1_3 -groups P-384")).contains("ECDH, secp384r1, 384 bits");
    }

    @Test
    void sessionsAreResumedUnlessThatIsSwitchedOff() throws Exception {
        Openssl.require();
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            session(version + " -sess_out one");
            assertThat(session(version + " -sess_in one")).contains("Reused, ");
        }
        change("smtps", "{\"sessionCacheSeconds\":0}");

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            session(version + " -sess_out two");
            assertThat(session(version + " -sess_in one")).contains("New, ");
            assertThat(session(version + " -sess_in two")).contains("New, ");
        }
    }

    @Test
    void aMovedListenerLetsItsSessionsEndAndDisturbsNoOther() throws Exception {
        int old = port("smtp");
        try (var here = new Talk(old);
                var other = new Talk(port("smtps"))) {
            assertThat(here.line()).startsWith("220 ");

            change("smtp", "{\"address\":\"127.0.0.2\"}");

            assertThat(accepts("127.0.0.1", old)).isFalse();
            assertThat(accepts("127.0.0.2", port("smtp"))).isTrue();
            assertThat(here.say("NOOP")).isEqualTo("250 2.0.0 Ok");
            assertThat(here.say("QUIT")).startsWith("221 ");
            other.socket.close();
        }
        change("smtp", "{\"port\":0}");
        await().until(() -> state("smtp").boundPort() == 0);
        assertThat(state("smtp").problem()).isNull();
    }

    private void change(String name, String change) throws Exception {
        var wanted = (ObjectNode) json.readTree(api.get("/api/v1/listeners/" + name).body());
        wanted.setAll((ObjectNode) json.readTree(change));
        HttpResponse<String> changed = put(name, wanted.toString());
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    private HttpResponse<String> put(String name, String document) throws Exception {
        return api.json("PUT", "/api/v1/listeners/" + name, document);
    }

    private String session(String options) {
        return Openssl.script(
                folder,
                "echo QUIT | openssl s_client -ign_eof -connect 127.0.0.1:%d %s 2>&1 || true"
                        .formatted(port("smtps"), options));
    }

    private static boolean accepts(String address, int port) {
        try (var socket = new Socket(InetAddress.ofLiteral(address), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private int port(String name) {
        return state(name).boundPort();
    }

    private Listeners.ListenerState state(String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow();
    }
}
