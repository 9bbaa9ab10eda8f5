package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.Connector.Request;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of deliveries when the program ends. */
@RunningSealpost
class DrainTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final TestCa CA = TestCa.create();

    private final HttpCaller admin;
    private final Listeners listeners;
    private final Dispatcher dispatcher;

    DrainTests(
            @Value("${local.server.port}") int http, Listeners listeners, Dispatcher dispatcher) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.dispatcher = dispatcher;
    }

    @Test
    void afterTheEndNothingIsTakenAndNoSessionIsLeft() throws Exception {
        try (var peer = new SmtpPeer()) {
            String route =
                    admin.json(
                                    "POST",
                                    "/api/v1/routes",
                                    "{\"pattern\":\"drain.example\",\"nextHop\":\"%s\"}"
                                            .formatted(peer.nextHop()))
                            .body();
            send("first@drain.example");
            await().atMost(SOON).until(() -> peer.taken().size() == 1);

            dispatcher.stop();

            try {
                // Sooner than a session that merely waited too long.
                await().atMost(Duration.ofSeconds(3)).until(() -> peer.heard().contains("QUIT"));
                String id = send("second@drain.example");
                String waiting = admin.get("/api/v1/queue/" + id).body();
                assertThat(waiting).contains("\"state\":\"queued\"");
                assertThat(peer.taken()).hasSize(1);
            } finally {
                dispatcher.start();
            }
            await().atMost(SOON).until(() -> peer.taken().size() == 2);
            long id = JsonMapper.shared().readTree(route).get("id").asLong();
            admin.json("DELETE", "/api/v1/routes/" + id, null);
        }
    }

    /** A server that hangs must not keep the program from ending. */
    @Test
    void whatHangsIsCutOffAndNothingElseIsOpened() throws Exception {
        try (var peer = new SmtpPeer().fallsSilent(PeerStep.EHLO)) {
            var clock = Clock.systemUTC();
            var connector = new Connector(clock, TimeLimits.STANDARD);
            var request =
                    new Request(
                            Requirements.of("none", "", CA, CA.leaf("x").issue()),
                            "relay.example.test",
                            Duration.ZERO,
                            null);
            var target =
                    new Target("mx.example.com", InetAddress.getLoopbackAddress(), peer.port());
            var hanging =
                    CompletableFuture.supplyAsync(
                            () -> connector.open(target, request, new Transcript(clock)));
            await().atMost(SOON).until(() -> !peer.heard().isEmpty());

            connector.cut();

            assertThat(hanging.get(10, TimeUnit.SECONDS)).isInstanceOf(Result.Unreachable.class);
            peer.agrees(PeerStep.EHLO);
            assertThat(connector.open(target, request, new Transcript(clock)))
                    .isInstanceOf(Result.Unreachable.class);
            connector.allow();
            assertThat(connector.open(target, request, new Transcript(clock)))
                    .isInstanceOf(Result.Open.class);
        }
    }

    private String send(String recipient) throws Exception {
        String queued =
                SmtpPeer.talk(
                                listeners.list().getFirst().boundPort(),
                                "EHLO client",
                                "MAIL FROM:<a@sender.example>",
                                "RCPT TO:<" + recipient + ">",
                                "DATA",
                                "Subject: drain\r\n\r\nhello\r\n.")
                        .getLast();
        return queued.substring(queued.lastIndexOf(' ') + 1);
    }
}
