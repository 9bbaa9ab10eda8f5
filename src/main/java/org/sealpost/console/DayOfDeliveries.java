package org.sealpost.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.sealpost.console.Dashboard.Delivered;
import org.sealpost.eventlog.ConnectionEvents;
import org.sealpost.eventlog.EventFilter;
import org.springframework.stereotype.Component;

/** Counts the deliveries of the last 24 hours, at most twice a minute however many people look. */
@Component
class DayOfDeliveries {

    private static final Duration FRESH = Duration.ofSeconds(30);

    private final ConnectionEvents events;
    private final Clock clock;
    private Instant countedAt = Instant.EPOCH;
    private Delivered counted = Delivered.NONE;

    DayOfDeliveries(ConnectionEvents events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    synchronized Delivered counts() {
        Instant now = clock.instant();
        if (countedAt.plus(FRESH).isBefore(now)) {
            counted =
                    new Delivered(
                            count("delivered", now), count("deferred", now), count("bounced", now));
            countedAt = now;
        }
        return counted;
    }

    private long count(String result, Instant now) {
        return events.count(
                new EventFilter(
                        "outbound",
                        null,
                        null,
                        null,
                        null,
                        result,
                        null,
                        null,
                        null,
                        now.minus(Duration.ofDays(1)),
                        null,
                        true));
    }
}
