package org.sealpost.selftest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import org.sealpost.mail.AskedTooOften;

/** Keeps anybody from using this relay to knock at other servers in large numbers. */
final class StartLimit {

    private static final int MOST_IN_A_MINUTE = 120;
    private static final int MOST_CALLERS = 10_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Clock clock;
    private final ConcurrentHashMap<String, Deque<Instant>> starts = new ConcurrentHashMap<>();

    StartLimit(Clock clock) {
        this.clock = clock;
    }

    /**
     * Counts a start.
     *
     * @throws AskedTooOften when the caller had too many within a minute
     */
    void count(String caller) {
        Instant now = clock.instant();
        if (starts.size() > MOST_CALLERS) {
            starts.clear();
        }
        starts.compute(
                caller,
                (_, before) -> {
                    Deque<Instant> recent = before == null ? new ArrayDeque<>() : before;
                    while (!recent.isEmpty() && recent.peekFirst().isBefore(now.minus(MINUTE))) {
                        recent.removeFirst();
                    }
                    if (recent.size() >= MOST_IN_A_MINUTE) {
                        throw new AskedTooOften(
                                "More than "
                                        + MOST_IN_A_MINUTE
                                        + " self-tests were started within a minute.",
                                Duration.between(now, recent.getFirst().plus(MINUTE)));
                    }
                    recent.addLast(now);
                    return recent;
                });
    }
}
