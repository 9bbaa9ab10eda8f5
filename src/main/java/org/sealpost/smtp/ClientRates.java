package org.sealpost.smtp;

import java.net.InetAddress;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How often each client did something within the current minute, as Postfix's anvil counts; our own
 * self-tests do not count.
 */
final class ClientRates {

    private final Clock clock;
    private volatile Minute minute = new Minute(0, Map.of());

    private record Minute(long number, Map<InetAddress, Integer> counts) {}

    ClientRates(Clock clock) {
        this.clock = clock;
    }

    /** Whether one more would be too many; null is any number. */
    boolean isOver(InboundState session, @Nullable Integer most) {
        return most != null
                && !session.isStranger()
                && counts().getOrDefault(session.client(), 0) >= most;
    }

    void count(InboundState session) {
        if (!session.isStranger()) {
            counts().merge(session.client(), 1, Integer::sum);
        }
    }

    /** Two threads at the turn of a minute may lose a count, which matters to nobody. */
    private Map<InetAddress, Integer> counts() {
        long now = clock.instant().getEpochSecond() / 60;
        Minute known = minute;
        if (known.number != now) {
            known = new Minute(now, new ConcurrentHashMap<>());
            minute = known;
        }
        return known.counts;
    }
}
