package org.sealpost.eventlog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.events.CertificateExpiring;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.delivery.events.DeliveryStep;
import org.sealpost.eventlog.ConnectionEvent.Details;
import org.sealpost.queue.events.MessageQueued;
import org.sealpost.queue.events.MessageRemoved;
import org.sealpost.selftest.events.SelfTestWorsened;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.smtp.events.InboundStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Hears what the mail path publishes, and makes of each a row, a line of the mail log, or both.
 * Whatever fails here, the mail does not learn of it.
 */
@Component
class EventRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MOST_RECIPIENTS = 100;

    private final EventLog log;
    private final MailLog lines;
    private final WatchedPeers watched;

    /** The last step of each session that is open, which tells whose messages come in it. */
    private final Map<String, InboundStep> open = new ConcurrentHashMap<>();

    EventRecorder(EventLog log, MailLog lines, WatchedPeers watched) {
        this.log = log;
        this.lines = lines;
        this.watched = watched;
    }

    @EventListener
    void on(InboundStep step) {
        guarded(() -> record(step));
    }

    @EventListener
    void on(InboundSession session) {
        guarded(() -> record(session));
    }

    @EventListener
    void on(MessageQueued message) {
        guarded(() -> record(message));
    }

    @EventListener
    void on(DeliveryStep step) {
        guarded(() -> record(step));
    }

    @EventListener
    void on(DeliveryAttempted attempt) {
        guarded(() -> record(attempt));
    }

    @EventListener
    void on(MessageRemoved message) {
        guarded(() -> lines.add(MailLines.of(message)));
    }

    @EventListener
    void on(CertificateExpiring certificate) {
        guarded(() -> note(certificate.text()));
    }

    @EventListener
    void on(SelfTestWorsened test) {
        guarded(() -> note(test.text()));
    }

    private void note(String words) {
        log.add(id -> ConnectionEvent.internal(id, "note", EventText.line(words)));
    }

    private void record(InboundStep step) {
        open.put(step.session(), step);
        lines.add(MailLines.of(step));
        log.show(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "step",
                        "inbound",
                        step.session(),
                        null,
                        step.listener(),
                        EventText.cut(step.peer(), 100),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        EventText.line(step.line()),
                        null,
                        after(step.afterMillis())));
    }

    private void record(InboundSession session) {
        open.remove(session.session());
        var line = new SessionLine(session);
        MailLines.of(session, line).forEach(lines::add);
        watched.ended(session, EventText.line(line.text()));
        var details =
                new Details(
                        session.tls(),
                        session.user(),
                        session.reason(),
                        session.queueIds(),
                        null,
                        null,
                        null,
                        null,
                        session.bytesIn(),
                        session.bytesOut(),
                        session.millis(),
                        Transcripts.steps(session));
        String queueId = session.queueIds().size() == 1 ? session.queueIds().getFirst() : null;
        log.add(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        session.selfTest() ? ConnectionEvent.SELF_TEST : "session",
                        "inbound",
                        session.session(),
                        queueId,
                        session.listener(),
                        EventText.cut(session.peer(), 100),
                        EventText.cutOrNull(session.helo(), 300),
                        null,
                        null,
                        line.result(),
                        null,
                        line.tlsClass(),
                        EventText.line(line.text()),
                        null,
                        details));
    }

    private void record(MessageQueued message) {
        List<String> recipients = message.recipients();
        String text =
                "%s: from=<%s>, size=%d, nrcpt=%d (queue active)"
                        .formatted(
                                message.queueId(),
                                message.sender(),
                                message.size(),
                                recipients.size());
        InboundStep client = message.session() == null ? null : open.get(message.session());
        MailLines.of(message, client, text).forEach(lines::add);
        var details =
                new Details(
                        null,
                        null,
                        null,
                        null,
                        EventText.cutOrNull(message.messageId(), 1_000),
                        EventText.cut(message.sender(), 1_000),
                        first(recipients),
                        message.size(),
                        null,
                        null,
                        client == null ? null : sinceBegin(client, message.at()),
                        null);
        log.add(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "queued",
                        message.session() == null ? "internal" : "inbound",
                        message.session(),
                        message.queueId(),
                        client == null ? null : client.listener(),
                        client == null ? null : EventText.cut(client.peer(), 100),
                        null,
                        null,
                        null,
                        "accepted",
                        null,
                        null,
                        EventText.line(text),
                        null,
                        details));
    }

    private void record(DeliveryStep step) {
        lines.add(MailLines.of(step));
        log.show(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "step",
                        "outbound",
                        step.session(),
                        step.queueId(),
                        null,
                        EventText.cutOrNull(PeerText.address(step.peer()), 100),
                        EventText.cutOrNull(PeerText.host(step.peer()), 300),
                        EventText.cut(step.nextHop(), 400),
                        null,
                        null,
                        null,
                        null,
                        EventText.line(step.line()),
                        null,
                        after(step.afterMillis())));
    }

    private void record(DeliveryAttempted attempt) {
        MailLines.of(attempt).forEach(lines::add);
        watched.ended(attempt);
        log.addOutcome(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "delivery",
                        "outbound",
                        attempt.session(),
                        attempt.queueId(),
                        null,
                        EventText.cutOrNull(PeerText.address(attempt.peer()), 100),
                        EventText.cutOrNull(PeerText.host(attempt.peer()), 300),
                        EventText.cut(attempt.nextHop(), 400),
                        attempt.level(),
                        attempt.result(),
                        rule(attempt),
                        tlsClass(attempt),
                        EventText.line(attempt.text()),
                        attempt.verdict(),
                        details(attempt, Duration.between(attempt.at(), EventIds.timeOf(id)))));
    }

    private static @Nullable String rule(DeliveryAttempted attempt) {
        var verdict = attempt.verdict();
        if (verdict == null) {
            return null;
        }
        return verdict.matchedKey() == null ? "default" : EventText.cut(verdict.matchedKey(), 400);
    }

    private static @Nullable String tlsClass(DeliveryAttempted attempt) {
        var verdict = attempt.verdict();
        if (verdict == null) {
            return null;
        }
        return verdict.status() == null ? "none" : verdict.status().toLowerCase(Locale.ROOT);
    }

    private static Details details(DeliveryAttempted attempt, Duration took) {
        return new Details(
                attempt.tlsLine(),
                null,
                null,
                null,
                null,
                null,
                first(attempt.recipients()),
                null,
                null,
                null,
                Math.max(0, took.toMillis()),
                Transcripts.steps(attempt));
    }

    private static long sinceBegin(InboundStep step, Instant now) {
        return Math.max(0, step.afterMillis() + Duration.between(step.at(), now).toMillis());
    }

    private static Details after(long millis) {
        return new Details(
                null, null, null, null, null, null, null, null, null, null, millis, null);
    }

    private static List<String> first(List<String> recipients) {
        return recipients.stream().limit(MOST_RECIPIENTS).toList();
    }

    private static void guarded(Runnable recording) {
        try {
            recording.run();
        } catch (RuntimeException e) {
            LOG.error("an event could not be recorded; the mail is not affected", e);
        }
    }
}
