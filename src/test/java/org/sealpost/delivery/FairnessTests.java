package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;

/** One partner's server that hangs keeps nobody else's mail. */
@RunningSealpost
class FairnessTests {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final QueueFilter HANGING = new QueueFilter("@hanging.example", null, null);

    private final HttpCaller admin;
    private final QueuedMessages queue;
    private final int smtp;
    private SmtpPeer hanging;
    private SmtpPeer good;
    private List<Long> routes;

    FairnessTests(
            @Value("${local.server.port}") int http, Listeners listeners, QueuedMessages queue) {
        this.admin = HttpCaller.administrator(http);
        this.queue = queue;
        this.smtp =
                listeners.list().stream()
                        .filter(state -> state.settings().name().equals("smtp"))
                        .findAny()
                        .orElseThrow()
                        .boundPort();
    }

    @BeforeEach
    void startPeers() throws Exception {
        hanging = new SmtpPeer().fallsSilent(PeerStep.MAIL);
        good = new SmtpPeer();
        routes = List.of(route("hanging.example", hanging), route("good.example", good));
    }

    @AfterEach
    void stopPeers() throws Exception {
        hanging.close();
        await().atMost(SOON)
                .until(() -> {
                    admin.json(
                            "POST",
                            "/api/v1/queue/actions",
                            "{\"action\":\"delete\",\"filter\":{\"q\":\"@hanging.example\"}}");
                    return queue.count(HANGING) == 0;
                });
        for (long route : routes) {
            admin.json("DELETE", "/api/v1/routes/" + route, null);
        }
        good.close();
    }

    @Test
    void aServerThatHangsWithMoreMailThanThereArePlacesStarvesNobody() throws Exception {
        try (var client = new SmtpClient(smtp)) {
            for (int i = 0; i < 120; i++) {
                assertThat(client.send("", i + "@hanging.example", "Subject: x\r\n\r\n")).isTrue();
            }
            await().atMost(SOON).until(() -> hanging.connections() == 5);

            assertThat(client.send("", "b@good.example", "Subject: x\r\n\r\n")).isTrue();
            // Also for the recipient of a message that goes to both.
            assertThat(
                            SmtpPeer.talk(
                                    smtp,
                                    "EHLO client.example",
                                    "MAIL FROM:<>",
                                    "RCPT TO:<both@hanging.example>",
                                    "RCPT TO:<both@good.example>",
                                    "DATA",
                                    "Subject: y\r\n\r\n."))
                    .last()
                    .asString()
                    .startsWith("250");
        }

        await().atMost(SOON).until(() -> good.taken().size() == 2);
        assertThat(hanging.taken()).isEmpty();
        assertThat(queue.count(HANGING)).isEqualTo(121);
    }

    private long route(String domain, SmtpPeer to) throws Exception {
        String body =
                admin.json(
                                "POST",
                                "/api/v1/routes",
                                "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}"
                                        .formatted(domain, to.nextHop()))
                        .body();
        return JsonMapper.shared().readTree(body).get("id").asLong();
    }
}
