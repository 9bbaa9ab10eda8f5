package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** How much the log of an attempt tells of its TLS is a matter of the defaults. */
@RunningSealpost
@ExtendWith(OutputCaptureExtension.class)
class TlsLogTests {

    private static final String LINE = "Host offered STARTTLS: [localhost]";

    private final HttpCaller admin;
    private final Listeners listeners;

    TlsLogTests(@Value("${local.server.port}") int http, Listeners listeners) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
    }

    @Test
    void anOfferThatALevelNoneLeftUnusedIsToldWhenAskedFor(CapturedOutput output) throws Exception {
        String defaults = admin.get("/api/v1/settings/tls").body();
        try (var peer = new SmtpPeer()) {
            peer.offersStarttls(TestCa.selfSigned("localhost"));
            create(
                    "/api/v1/routes",
                    "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}"
                            .formatted("offer.example", peer.nextHop()));
            ruleWithoutReuse(peer, "none");

            send(peer, "offer.example", 1);
            awaitLine(output, "to=<b1@offer.example>");
            assertThat(output).doesNotContain(LINE);
            put(defaults.replace("\"noteStarttlsOffer\":false", "\"noteStarttlsOffer\":true"));
            send(peer, "offer.example", 2);
            awaitLine(output, "to=<b2@offer.example>");

            assertThat(output).contains(LINE);
            assertThat(peer.taken()).noneMatch(SmtpPeer.Taken::encrypted);
        } finally {
            put(defaults);
        }
    }

    @Test
    void theLogLevelDecidesHowMuchIsToldOfASession(CapturedOutput output) throws Exception {
        String defaults = admin.get("/api/v1/settings/tls").body();
        try (var peer = new SmtpPeer()) {
            peer.offersStarttls(TestCa.selfSigned("localhost"));
            create(
                    "/api/v1/routes",
                    "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}"
                            .formatted("level.example", peer.nextHop()));
            ruleWithoutReuse(peer, "may");
            String session = "TLS connection established to localhost[127.0.0.1]:" + peer.port();
            String certificate = "localhost[127.0.0.1]:" + peer.port() + ": subject=CN=localhost";

            put(defaults.replace("\"logLevel\":1", "\"logLevel\":0"));
            send(peer, "level.example", 1);
            awaitLine(output, "to=<b1@level.example>");
            assertThat(output).doesNotContain(session);
            put(defaults);
            send(peer, "level.example", 2);
            awaitLine(output, "to=<b2@level.example>");
            assertThat(output).contains(session).doesNotContain(certificate);
            put(defaults.replace("\"logLevel\":1", "\"logLevel\":2"));
            send(peer, "level.example", 3);
            awaitLine(output, "to=<b3@level.example>");
            assertThat(output).contains(certificate).contains(": chain warn: ");
            assertThat(peer.taken()).allMatch(SmtpPeer.Taken::encrypted);
        } finally {
            put(defaults);
        }
    }

    /** Each message in a session of its own, whose beginning the log tells of. */
    private void ruleWithoutReuse(SmtpPeer peer, String level) throws Exception {
        create(
                "/api/v1/policies",
                "{\"nextHop\":\"%s\",\"level\":\"%s\",\"attributes\":{\"connection_reuse\":\"no\"}}"
                        .formatted(peer.nextHop(), level));
    }

    private void send(SmtpPeer peer, String domain, int total) throws Exception {
        int port =
                listeners.list().stream()
                        .filter(state -> state.settings().name().equals("smtp"))
                        .findAny()
                        .orElseThrow()
                        .boundPort();
        SmtpPeer.talk(
                port,
                "EHLO client.example",
                "MAIL FROM:<a@sender.example>",
                "RCPT TO:<b" + total + "@" + domain + ">",
                "DATA",
                "Subject: x\r\n\r\nx\r\n.");
        await().atMost(Duration.ofSeconds(10)).until(() -> peer.taken().size() == total);
    }

    /** The line of a recipient ends what the log tells of an attempt. */
    private static void awaitLine(CapturedOutput output, String line) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(output).contains(line));
    }

    private void create(String path, String body) throws Exception {
        assertThat(admin.json("POST", path, body).statusCode()).isEqualTo(201);
    }

    private void put(String defaults) throws Exception {
        assertThat(admin.json("PUT", "/api/v1/settings/tls", defaults).statusCode()).isEqualTo(200);
    }
}
