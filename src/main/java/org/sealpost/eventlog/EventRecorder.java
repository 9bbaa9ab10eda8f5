package org.sealpost.eventlog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.events.CertificateExpiring;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.eventlog.ConnectionEvent.Details;
import org.sealpost.eventlog.ConnectionEvent.Step;
import org.sealpost.queue.events.MessageQueued;
import org.sealpost.selftest.events.SelfTestWorsened;
import org.sealpost.smtp.events.InboundSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Hears what the mail path publishes. Whatever fails here, the mail does not learn of it. */
@Component
class EventRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MOST_RECIPIENTS = 100;
    private static final int MOST_LINE = 2_000;
    private static final int MOST_DIALOGUE = 100_000;

    private final EventLog log;

    EventRecorder(EventLog log) {
        this.log = log;
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
    void on(DeliveryAttempted attempt) {
        guarded(() -> record(attempt));
    }

    @EventListener
    void on(CertificateExpiring certificate) {
        guarded(() -> record(certificate));
    }

    @EventListener
    void on(SelfTestWorsened test) {
        guarded(() -> note(test.text()));
    }

    private void record(CertificateExpiring certificate) {
        note(certificate.text());
    }

    private void note(String words) {
        log.add(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "note",
                        "internal",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        text(words),
                        null,
                        Details.NONE));
    }

    private void record(InboundSession session) {
        var details =
                new Details(
                        session.tls(),
                        session.user(),
                        session.reason(),
                        session.queueIds(),
                        null,
                        null,
                        null,
                        session.bytesIn(),
                        session.bytesOut(),
                        session.millis(),
                        steps(
                                session.steps(),
                                InboundSession.Step::afterMillis,
                                InboundSession.Step::line));
        var line = new SessionLine(session);
        String queueId = session.queueIds().size() == 1 ? session.queueIds().getFirst() : null;
        log.add(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "session",
                        "inbound",
                        session.session(),
                        queueId,
                        session.listener(),
                        clean(session.peer(), 100),
                        clean(session.helo(), 300),
                        null,
                        null,
                        line.result(),
                        text(line.text()),
                        null,
                        details));
    }

    private void record(MessageQueued message) {
        List<String> recipients = message.recipients();
        var details =
                new Details(
                        null,
                        null,
                        null,
                        null,
                        clean(message.sender(), 1_000),
                        recipients.stream().limit(MOST_RECIPIENTS).toList(),
                        message.size(),
                        null,
                        null,
                        null,
                        null);
        String text =
                "%s: from=<%s>, size=%d, nrcpt=%d (queue active)"
                        .formatted(
                                message.queueId(),
                                message.sender(),
                                message.size(),
                                recipients.size());
        log.add(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "queued",
                        message.session() == null ? "internal" : "inbound",
                        message.session(),
                        message.queueId(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        "accepted",
                        text(text),
                        null,
                        details));
    }

    private void record(DeliveryAttempted attempt) {
        log.addOutcome(id ->
                new ConnectionEvent(
                        id,
                        EventIds.timeOf(id),
                        "delivery",
                        "outbound",
                        attempt.session(),
                        attempt.queueId(),
                        null,
                        clean(PeerText.address(attempt.peer()), 100),
                        clean(PeerText.host(attempt.peer()), 300),
                        clean(attempt.nextHop(), 400),
                        attempt.level(),
                        attempt.result(),
                        text(attempt.text()),
                        attempt.verdict(),
                        details(attempt, Duration.between(attempt.at(), EventIds.timeOf(id)))));
    }

    private static Details details(DeliveryAttempted attempt, Duration took) {
        return new Details(
                attempt.tlsLine(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Math.max(0, took.toMillis()),
                steps(
                        attempt.steps(),
                        DeliveryAttempted.Step::afterMillis,
                        DeliveryAttempted.Step::line));
    }

    private static <S> List<Step> steps(
            List<S> published, Function<S, Long> after, Function<S, String> line) {
        var steps = new ArrayList<Step>();
        int length = 0;
        for (S step : published) {
            String text = cleaned(line.apply(step), MOST_LINE);
            length += text.length();
            if (length > MOST_DIALOGUE) {
                int left = published.size() - steps.size();
                steps.add(new Step(after.apply(step), left + " more lines are not kept"));
                break;
            }
            steps.add(new Step(after.apply(step), text));
        }
        return steps;
    }

    private static String text(String line) {
        return cleaned(line, 4_000);
    }

    /** Control characters could forge lines of a log, and PostgreSQL refuses NUL. */
    private static String cleaned(String value, int most) {
        String plain = value.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
        return plain.length() > most ? plain.substring(0, most) : plain;
    }

    private static @Nullable String clean(@Nullable String value, int most) {
        return value == null ? null : cleaned(value, most);
    }

    private static void guarded(Runnable recording) {
        try {
            recording.run();
        } catch (RuntimeException e) {
            LOG.error("an event could not be recorded; the mail is not affected", e);
        }
    }
}
