package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Senders are told by the real Sealpost what became of their mail, and only what they want. */
@RunningSealpost
class SenderNoticesTests {

    private static final String RETRY = "/api/v1/settings/retry";
    private static final String WITHOUT_DSN = "250-peer\r\n250 8BITMIME";

    private final HttpCaller admin;
    private final int smtp;
    private final QueuedMessages queue;
    private SmtpPeer peer;
    private SmtpPeer senders;
    private List<Long> routes;

    SenderNoticesTests(
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
        peer = new SmtpPeer();
        senders = new SmtpPeer();
        routes = List.of(route("notice.example", peer), route("notified.example", senders));
    }

    @AfterEach
    void stopPeers() throws Exception {
        for (QueuedMessage left :
                queue.page(new QueueFilter("notice.example", null, null), null, 50)) {
            admin.json("DELETE", "/api/v1/queue/" + left.id(), null);
        }
        for (long route : routes) {
            admin.json("DELETE", "/api/v1/routes/" + route, null);
        }
        peer.close();
        senders.close();
    }

    @Test
    void successIsToldForAServerThatDoesNotTellIt() throws Exception {
        peer.answers(PeerStep.EHLO, WITHOUT_DSN);

        send("a@notified.example", "NOTIFY=SUCCESS", "ok@notice.example");

        await(() -> senders.taken().size() == 1);
        assertThat(senders.taken().getFirst().text())
                .contains("Action: relayed", "Final-Recipient: rfc822; ok@notice.example");
        assertThat(senders.taken().getFirst().commands())
                .anyMatch(line -> line.startsWith("MAIL FROM:<>"))
                .noneMatch(line -> line.contains("RET="));
        assertThat(peer.taken().getFirst().commands())
                .noneMatch(line -> line.contains("NOTIFY") || line.contains("ENVID"));
    }

    @Test
    void aServerThatTellsSendersItselfIsHandedTheirWishes() throws Exception {
        send("a@notified.example", "NOTIFY=SUCCESS ORCPT=rfc822;b@c", "ok@notice.example");

        await(() -> peer.taken().size() == 1);
        assertThat(peer.taken().getFirst().commands())
                .anyMatch(line -> line.endsWith(" RET=HDRS ENVID=e1"))
                .anyMatch(line -> line.endsWith(" NOTIFY=SUCCESS ORCPT=rfc822;b@c"));
        await(() -> queue.count(new QueueFilter("notified.example", null, null)) == 0);
        assertThat(senders.taken()).isEmpty();
    }

    @Test
    void delayIsToldOnceAndTheMessageWaitsOn() throws Exception {
        String usual = admin.get(RETRY).body();
        peer.answersRcptOf("late@", "451 4.2.1 come again");
        try {
            var changed = (ObjectNode) JsonMapper.shared().readTree(usual);
            admin.json("PUT", RETRY, changed.put("delayWarning", "1s").toString());
            send("a@notified.example", "NOTIFY=DELAY", "late@notice.example");

            await(() -> senders.taken().size() == 1);
            int attempts = waiting().attempts().size();
            await(() -> waiting().attempts().size() > attempts);
        } finally {
            admin.json("PUT", RETRY, usual);
        }

        assertThat(senders.taken()).hasSize(1);
        assertThat(senders.taken().getFirst().text())
                .contains("Action: delayed", "451 4.2.1 come again", "Will-Retry-Until: ");
        peer.answersRcptOf("late@", null);
        await(() -> peer.taken().size() == 1);
    }

    @Test
    void whoWantsNoNoticeOrIsANoticeGetsNone() throws Exception {
        peer.answers(PeerStep.RCPT, "550 5.1.1 nobody");

        send("a@notified.example", "NOTIFY=NEVER", "never@notice.example");
        send("", "NOTIFY=FAILURE", "bounce@notice.example");

        await(() -> peer.heard().stream().filter(line -> line.startsWith("RCPT")).count() == 2);
        await(() -> queue.count(new QueueFilter("notice.example", null, null)) == 0);
        await(() -> queue.count(new QueueFilter("notified.example", null, null)) == 0);
        assertThat(senders.taken()).isEmpty();
    }

    private QueuedMessage waiting() {
        return queue.page(new QueueFilter("late@notice.example", null, null), null, 1).getFirst();
    }

    private static void await(Callable<Boolean> condition) {
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(15)).until(condition);
    }

    private void send(String sender, String wishes, String recipient) throws Exception {
        assertThat(
                        SmtpPeer.talk(
                                smtp,
                                "EHLO client.example",
                                "MAIL FROM:<" + sender + "> RET=HDRS ENVID=e1",
                                "RCPT TO:<" + recipient + "> " + wishes,
                                "DATA",
                                "Subject: test\r\n\r\nbody\r\n."))
                .last()
                .asString()
                .startsWith("250 ");
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
