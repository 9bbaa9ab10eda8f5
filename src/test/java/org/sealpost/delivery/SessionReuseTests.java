package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;

/** When a second message goes over the first one's session, and what becomes of it there. */
@RunningSealpost
class SessionReuseTests {

    private static final TestCa CA = TestCa.create();
    private static final String QUEUED = "250 2.0.0 Ok: queued as ";
    private static final QueueFilter OURS = new QueueFilter("@reuse.example", null, null);

    private final HttpCaller admin;
    private final QueuedMessages queue;
    private final int smtp;
    private SmtpPeer peer;
    private long route;
    private long rule;

    SessionReuseTests(
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
    void startPeer() throws Exception {
        peer = new SmtpPeer();
        route = created("routes", "{\"pattern\":\"reuse.example\",\"nextHop\":\"%s\"}");
    }

    @AfterEach
    void stopPeer() throws Exception {
        admin.json("DELETE", "/api/v1/routes/" + route, null);
        if (rule > 0) {
            admin.json("DELETE", "/api/v1/policies/" + rule, null);
        }
        peer.close();
    }

    @Test
    void goesOverTheSameSessionWithTlsAsWell() throws Exception {
        peer.offersStarttls(CA.leaf("localhost").issue());

        deliver("first");
        deliver("second");

        assertThat(peer.connections()).isEqualTo(1);
        assertThat(peer.taken()).extracting(SmtpPeer.Taken::encrypted).containsExactly(true, true);
        assertThat(peer.taken().getLast().commands())
                .contains("RCPT TO:<second@reuse.example>")
                .doesNotContain("RCPT TO:<first@reuse.example>");
    }

    @Test
    void goesOverItsOwnSessionWhenTheRuleWantsThat() throws Exception {
        rule("none", "{\"connection_reuse\":\"no\"}");

        deliver("first");
        deliver("second");

        assertThat(peer.connections()).isEqualTo(2);
    }

    @Test
    void goesOverANewSessionAfterTheRuleWasMadeStronger() throws Exception {
        peer.offersStarttls(CA.leaf("localhost").issue());
        rule("none", "{}");
        deliver("first");
        admin.json("DELETE", "/api/v1/policies/" + rule, null);
        rule("encrypt", "{}");

        deliver("second");

        assertThat(peer.connections()).isEqualTo(2);
        assertThat(peer.taken()).extracting(SmtpPeer.Taken::encrypted).containsExactly(false, true);
    }

    /** RFC 5321 §3.8: a server may close with 421 at any time, whatever was asked last. */
    @ParameterizedTest
    @ValueSource(strings = {"250 2.0.0 taken\r\n421 4.3.2 closing", "421 4.3.2 closing"})
    void aSessionThatTheServerEndsIsNotUsed(String reply) throws Exception {
        boolean afterMessage = reply.startsWith("250");
        if (afterMessage) {
            peer.answersOnce(PeerStep.FINAL, reply);
        }
        deliver("first");
        if (!afterMessage) {
            peer.answersOnce(PeerStep.MAIL, reply);
        }

        deliver("second");

        assertThat(peer.connections()).isEqualTo(2);
        assertThat(peer.taken()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = PeerStep.class,
            names = {"MAIL", "RCPT", "DATA"})
    void aSessionThatBreaksBeforeTheMessageIsReplacedAtOnce(PeerStep step) throws Exception {
        deliver("first");
        peer.dropsOnce(step);

        String id = deliver("second");

        // An attempt that failed would have been told a second before the next one.
        String told = admin.get("/api/v1/events?result=deferred&q=" + id).body();
        assertThat(JsonMapper.shared().readTree(told).at("/items")).isEmpty();
        assertThat(peer.connections()).isEqualTo(2);
        assertThat(peer.taken()).hasSize(2);
        assertThat(peer.heard())
                .filteredOn("RCPT TO:<second@reuse.example>"::equals)
                .hasSizeBetween(1, 2);
    }

    @ParameterizedTest
    @EnumSource(
            value = PeerStep.class,
            names = {"BODY", "FINAL"})
    void aSessionThatBreaksLaterMakesTheMessageWait(PeerStep step) throws Exception {
        deliver("first");
        peer.dropsOnce(step);

        send("second");

        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        queue.page(OURS, null, 1).stream()
                                .anyMatch(message -> message.state().equals("deferred")));
        assertThat(queue.page(OURS, null, 1).getFirst().recipients().getFirst().lastReply())
                .contains("4.4.2 lost connection");
        await().atMost(Duration.ofSeconds(10)).until(() -> queue.count(OURS) == 0);
        // What a server took and never confirmed comes twice rather than never.
        assertThat(peer.taken()).hasSize(step == PeerStep.FINAL ? 3 : 2);
    }

    @Test
    void aRefusedRecipientLeavesACleanSession() throws Exception {
        peer.answersRcptOf("never@", "550 5.1.1 nobody");

        deliver("never");
        deliver("second");

        assertThat(peer.connections()).isEqualTo(1);
        assertThat(peer.heard()).contains("RSET");
        assertThat(peer.taken()).hasSize(1);
    }

    private String deliver(String to) throws IOException {
        String id = send(to);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> queue.count(OURS) == 0);
        return id;
    }

    private String send(String to) throws IOException {
        String reply =
                SmtpPeer.talk(
                                smtp,
                                "EHLO client.example",
                                "MAIL FROM:<>",
                                "RCPT TO:<" + to + "@reuse.example>",
                                "DATA",
                                "Subject: test\r\n\r\nbody\r\n.")
                        .getLast();
        assertThat(reply).startsWith(QUEUED);
        return reply.substring(QUEUED.length());
    }

    private void rule(String level, String attributes) throws Exception {
        rule =
                created(
                        "policies",
                        "{\"nextHop\":\"%s\",\"level\":\""
                                + level
                                + "\",\"attributes\":"
                                + attributes
                                + "}");
    }

    private long created(String what, String body) throws Exception {
        var answer = admin.json("POST", "/api/v1/" + what, body.formatted(peer.nextHop()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JsonMapper.shared().readTree(answer.body()).get("id").asLong();
    }
}
