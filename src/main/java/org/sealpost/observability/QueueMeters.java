package org.sealpost.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.springframework.stereotype.Component;

/** How much mail waits and how long, asked from the database at most every ten seconds. */
@Component
class QueueMeters {

    private static final Duration FRESH = Duration.ofSeconds(10);

    private final QueuedMessages queue;
    private final Clock clock;
    private Seen seen = new Seen(Instant.MIN, Map.of(), 0);

    private record Seen(Instant at, Map<String, Long> states, double oldestSeconds) {}

    QueueMeters(QueuedMessages queue, MeterRegistry meters, Clock clock) {
        this.queue = queue;
        this.clock = clock;
        for (String state : QueueFilter.STATES) {
            Gauge.builder("sealpost.queue.messages", this, one -> one.count(state))
                    .description("Messages that wait, by state")
                    .tag("state", state)
                    .register(meters);
        }
        Gauge.builder("sealpost.queue.oldest", this, one -> one.look().oldestSeconds)
                .description("Age of the oldest message that waits; 0 when none does")
                .baseUnit("seconds")
                .register(meters);
    }

    private double count(String state) {
        return look().states.getOrDefault(state, 0L);
    }

    private synchronized Seen look() {
        Instant now = clock.instant();
        if (seen.at.plus(FRESH).isBefore(now)) {
            double oldest =
                    queue.page(QueueFilter.ALL, null, 1).stream()
                                    .mapToLong(one ->
                                            Duration.between(one.receivedAt(), now).toMillis())
                                    .max()
                                    .orElse(0)
                            / 1_000.0;
            seen = new Seen(now, queue.countByState(), oldest);
        }
        return seen;
    }
}
