package org.sealpost.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.queue.events.MessageQueued;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.tls.VerdictDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Counts what the mail path publishes. No tag holds what a stranger chooses freely: neither names
 * nor addresses, so that the number of series stays small.
 */
@Component
class MailMeters {

    private static final String NONE = "none";

    private final MeterRegistry meters;
    private final DistributionSummary accepted;

    MailMeters(MeterRegistry meters) {
        this.meters = meters;
        this.accepted =
                DistributionSummary.builder("sealpost.messages.accepted")
                        .description("Messages taken into the queue, and their octets")
                        .baseUnit("bytes")
                        .register(meters);
    }

    @EventListener
    void on(InboundSession session) {
        String tls = session.tls();
        Tags tags =
                Tags.of(
                        "listener", session.listener(),
                        "protocol", tls == null ? NONE : word(tls, 0),
                        "cipher", tls == null ? NONE : word(tls, 3));
        Timer.builder("sealpost.smtp.sessions")
                .description("Inbound sessions that ended, by the TLS they had")
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(5))
                .maximumExpectedValue(Duration.ofMinutes(5))
                .register(meters)
                .record(Duration.ofMillis(session.millis()));
    }

    @EventListener
    void on(MessageQueued message) {
        accepted.record((double) message.size());
    }

    @EventListener
    void on(DeliveryAttempted attempt) {
        VerdictDocument verdict = attempt.verdict();
        Tags tags =
                Tags.of(
                        "result", attempt.result(),
                        "level", attempt.level(),
                        "status", or(verdict == null ? null : verdict.status()),
                        "protocol", or(verdict == null ? null : verdict.protocol()),
                        "cipher", or(verdict == null ? null : verdict.cipher()),
                        "group", or(verdict == null ? null : verdict.group()));
        Timer.builder("sealpost.deliveries")
                .description("Delivery attempts, by result, level and the TLS they had")
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(5))
                .maximumExpectedValue(Duration.ofMinutes(5))
                .register(meters)
                .record(duration(attempt));
        failed(verdict)
                .ifPresent(check ->
                        Counter.builder("sealpost.tls.refusals")
                                .description("Deliveries that TLS kept back, by the check")
                                .tags("level", attempt.level(), "check", check)
                                .register(meters)
                                .increment());
    }

    /** The check for which mail was kept back. */
    private static Optional<String> failed(@Nullable VerdictDocument verdict) {
        return verdict == null || verdict.code() == null
                ? Optional.empty()
                : verdict.checks().stream()
                        .filter(check -> check.result().equals("fail"))
                        .map(CheckDocument::name)
                        .findFirst();
    }

    private static Duration duration(DeliveryAttempted attempt) {
        return attempt.steps().isEmpty()
                ? Duration.ZERO
                : Duration.ofMillis(attempt.steps().getLast().afterMillis());
    }

    /** A word of {@code TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)}. */
    private static String word(String line, int index) {
        String[] words = line.split(" ", -1);
        return index < words.length ? words[index] : NONE;
    }

    private static String or(@Nullable String text) {
        return text == null ? NONE : text;
    }
}
