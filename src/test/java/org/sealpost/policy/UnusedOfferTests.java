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

/** A rule of level none never uses STARTTLS; that it was offered is logged when asked for. */
@RunningSealpost
@ExtendWith(OutputCaptureExtension.class)
class UnusedOfferTests {

    private static final String LINE = "Host offered STARTTLS: [localhost]";

    private final HttpCaller admin;
    private final Listeners listeners;

    UnusedOfferTests(@Value("${local.server.port}") int http, Listeners listeners) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
    }

    @Test
    void isLoggedWhenTheDefaultsSaySo(CapturedOutput output) throws Exception {
        String defaults = admin.get("/api/v1/settings/tls").body();
        try (var peer = new SmtpPeer()) {
            peer.offersStarttls(TestCa.selfSigned("localhost"));
            create(
                    "/api/v1/routes",
                    "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}"
                            .formatted("offer.example", peer.nextHop()));
            create(
                    "/api/v1/policies",
                    "{\"nextHop\":\"%s\",\"level\":\"none\"}".formatted(peer.nextHop()));

            send(peer, 1);
            assertThat(output).doesNotContain(LINE);
            put(defaults.replace("\"noteStarttlsOffer\":false", "\"noteStarttlsOffer\":true"));
            send(peer, 2);

            assertThat(output).contains(LINE);
            assertThat(peer.taken()).noneMatch(SmtpPeer.Taken::encrypted);
        } finally {
            put(defaults);
        }
    }

    private void send(SmtpPeer peer, int total) throws Exception {
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
                "RCPT TO:<b@offer.example>",
                "DATA",
                "Subject: x\r\n\r\nx\r\n.");
        await().atMost(Duration.ofSeconds(10)).until(() -> peer.taken().size() == total);
    }

    private void create(String path, String body) throws Exception {
        assertThat(admin.json("POST", path, body).statusCode()).isEqualTo(201);
    }

    private void put(String defaults) throws Exception {
        assertThat(admin.json("PUT", "/api/v1/settings/tls", defaults).statusCode()).isEqualTo(200);
    }
}
