package org.sealpost.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.settings.SealpostHome;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import tools.jackson.databind.json.JsonMapper;

/** What people do to real messages that wait for a server that asks to come again. */
@RunningSealpost
class QueueActionsTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpCaller admin;
    private final Listeners listeners;
    private final QueuedMessages queue;
    private final QueueActions actions;
    private final MailQueue mail;
    private final JdbcTemplate jdbc;
    private final SealpostHome home;
    private final StoredQueue stored;
    private SmtpPeer peer;
    private long route;

    QueueActionsTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            QueuedMessages queue,
            QueueActions actions,
            MailQueue mail,
            JdbcTemplate jdbc,
            SealpostHome home,
            StoredQueue stored) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.queue = queue;
        this.actions = actions;
        this.mail = mail;
        this.jdbc = jdbc;
        this.home = home;
        this.stored = stored;
    }

    @BeforeEach
    void startPeer() throws Exception {
        peer = new SmtpPeer().answersRcptOf("actions.example", "451 4.2.1 come again");
        String body =
                admin.json(
                                "POST",
                                "/api/v1/routes",
                                "{\"pattern\":\"actions.example\",\"nextHop\":\"%s\"}"
                                        .formatted(peer.nextHop()))
                        .body();
        route = JsonMapper.shared().readTree(body).get("id").asLong();
    }

    @AfterEach
    void stopPeer() throws Exception {
        for (var message : queue.page(new QueueFilter("@actions.example", null, null), null, 50)) {
            jdbc.update(
                    "update queue_message set state = 'held', due_at = null where id = ?",
                    message.id());
            as("queue:write", () -> actions.delete(new QueueId(message.id())));
        }
        admin.json("DELETE", "/api/v1/routes/" + route, null);
        peer.close();
    }

    @Test
    void retryDeliversBeforeItsTime() throws Exception {
        QueueId id = deferred();
        makeDueLater(id);
        peer.answersRcptOf("actions.example", null);

        as("queue:write", () -> actions.retry(id));

        await().atMost(SOON).until(() -> peer.taken().size() == 1);
    }

    @Test
    void aHeldMessageWaitsUntilItIsReleased() throws Exception {
        QueueId id = deferred();
        makeDueLater(id);

        as("queue:write", () -> actions.hold(id));
        peer.answersRcptOf("actions.example", null);

        assertThat(state(id)).isEqualTo("held");
        assertThatThrownBy(() -> as("queue:write", () -> actions.retry(id)))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("is held");
        // As after a loss of the database: the row says due, the file knows better.
        jdbc.update(
                "update queue_message set state = 'deferred', due_at = ? where id = ?",
                Timestamp.from(Instant.now()),
                id.text());
        as("queue:write", () -> actions.retry(id)); // wakes the dispatcher
        await().atMost(SOON).until(() -> state(id).equals("held"));
        assertThat(peer.taken()).isEmpty();

        as("queue:write", () -> actions.release(id));

        await().atMost(SOON).until(() -> peer.taken().size() == 1);
        assertThat(audited()).contains("message.changed", "\"state\":\"released\"");
    }

    @Test
    void anotherWayIsInTheFileAndOutlivesTheRows() throws Exception {
        QueueId id = deferred();
        makeDueLater(id);
        try (var other = new SmtpPeer()) {
            as("queue:write", () -> actions.hold(id));
            as(
                    "queue:write",
                    () ->
                            actions.reroute(
                                    id,
                                    List.of("b@actions.example"),
                                    NextHop.parse(other.nextHop()).orElseThrow()));
            assertThat(state(id)).isEqualTo("held");
            // As after a loss of the database.
            jdbc.update("update queue_recipient set route = null where message_id = ?", id.text());
            as("queue:write", () -> actions.release(id));

            await().atMost(SOON).until(() -> other.taken().size() == 1);
        }
        assertThatThrownBy(() -> as("queue:write", () -> actions.reroute(id, List.of(), null)))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void anotherWayComesBackWithTheFilesAndEndsWithTheRoutes() throws Exception {
        QueueId id = deferred();
        makeDueLater(id);
        List<String> all = List.of("b@actions.example");
        as("queue:write", () -> actions.hold(id));
        as(
                "queue:write",
                () -> actions.reroute(id, all, NextHop.parse("[127.0.0.1]:9").orElseThrow()));
        assertThat(route(id)).isEqualTo("[127.0.0.1]:9");
        jdbc.update("delete from queue_attempt where message_id = ?", id.text());
        jdbc.update("delete from queue_recipient where message_id = ?", id.text());
        jdbc.update("delete from queue_message where id = ?", id.text());

        stored.open();

        assertThat(route(id)).isEqualTo("[127.0.0.1]:9");
        assertThat(state(id)).isEqualTo("held");
        as("queue:write", () -> actions.reroute(id, all, null));
        assertThat(route(id)).isNull();
        peer.answersRcptOf("actions.example", null);
        as("queue:write", () -> actions.release(id));
        await().atMost(SOON).until(() -> peer.taken().size() == 1);
    }

    private @Nullable String route(QueueId id) {
        return queue.find(id).orElseThrow().recipients().getFirst().route();
    }

    @Test
    void aDeletedMessageIsGoneFromTheDiskToo() throws Exception {
        QueueId id = deferred();
        makeDueLater(id);
        assertThat(files(id)).hasSize(1);

        as("queue:write", () -> actions.delete(id));

        assertThat(queue.find(id)).isEmpty();
        assertThat(files(id)).isEmpty();
        assertThat(audited()).contains("message.removed", "b@actions.example");
        assertThatThrownBy(() -> as("queue:write", () -> actions.delete(id)))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void aMessageThatIsBeingDeliveredIsLeftAlone() throws Exception {
        QueueId id = deferred();
        makeDueLater(id);
        jdbc.update(
                "update queue_message set state = 'active', due_at = null where id = ?", id.text());

        for (Runnable action :
                List.<Runnable>of(
                        () -> actions.retry(id),
                        () -> actions.hold(id),
                        () -> actions.release(id),
                        () -> actions.reroute(id, List.of("b@actions.example"), null),
                        () -> actions.delete(id))) {
            assertThatThrownBy(() -> as("queue:write", action)).isInstanceOf(Conflict.class);
        }
        assertThat(files(id)).hasSize(1);
    }

    @Test
    void aClaimedMessageIsGivenBackAsItWas() throws Exception {
        QueueId id = deferred();
        makeDueLater(id);
        as("queue:write", () -> actions.hold(id));
        mail.claim(id);
        assertThat(state(id)).isEqualTo("active");
        assertThatThrownBy(() -> mail.claim(id)).isInstanceOf(Conflict.class);

        mail.giveBack(id);

        assertThat(state(id)).isEqualTo("held");
        as("queue:write", () -> actions.release(id));
        await().atMost(SOON).until(() -> state(id).equals("deferred"));
        makeDueLater(id);
        mail.claim(id);
        peer.answersRcptOf("actions.example", null);
        mail.giveBack(id); // has a time again, without a start of Sealpost in between
        assertThat(queue.find(id).orElseThrow().nextAttemptAt()).isNotNull();
        as("queue:write", () -> actions.retry(id));
        await().atMost(SOON).until(() -> peer.taken().size() == 1);
    }

    @Test
    void whoMayOnlyLookIsRefused() throws Exception {
        QueueId id = deferred();

        assertThatThrownBy(() -> as("queue:read", () -> actions.delete(id)))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(queue.find(id)).isPresent();
    }

    /** Sends a message that is asked to come again. */
    private QueueId deferred() throws IOException {
        List<String> replies =
                SmtpPeer.talk(
                        listeners.list().getFirst().boundPort(),
                        "EHLO client.example",
                        "MAIL FROM:<a@actions.example>",
                        "RCPT TO:<b@actions.example>",
                        "DATA",
                        "Subject: test\r\n\r\nhello\r\n.",
                        "QUIT");
        var id =
                new QueueId(
                        replies.get(replies.size() - 2)
                                .substring("250 2.0.0 Ok: queued as ".length()));
        await().atMost(SOON).until(() -> state(id).equals("deferred"));
        return id;
    }

    /** From here on only an action makes it move. */
    private void makeDueLater(QueueId id) {
        await().atMost(SOON)
                .until(() ->
                        jdbc.update(
                                        "update queue_message set due_at = ? where id = ? and state"
                                                + " = 'deferred'",
                                        Timestamp.from(Instant.now().plus(Duration.ofDays(1))),
                                        id.text())
                                == 1);
    }

    private String state(QueueId id) {
        return queue.find(id).map(QueuedMessages.QueuedMessage::state).orElse("gone");
    }

    private List<Path> files(QueueId id) throws IOException {
        try (Stream<Path> all = Files.walk(home.resolve("spool"))) {
            return all.filter(file -> file.getFileName().toString().startsWith(id.text())).toList();
        }
    }

    private String audited() throws Exception {
        return admin.get("/api/v1/audit?size=1").body();
    }

    private static void as(String permission, Runnable work) {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("test", null, permission));
        try {
            work.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}
