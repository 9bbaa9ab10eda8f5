package org.sealpost.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Tells what was not seen for five minutes, so that a busy program does not fill the trail. */
final class Repeats {

    static final Duration QUIET = Duration.ofMinutes(5);
    private static final int MOST = 10_000;

    private final Map<String, Instant> seen = new HashMap<>();
    private final Clock clock;

    Repeats(Clock clock) {
        this.clock = clock;
    }

    synchronized boolean isNew(String what) {
        Instant now = clock.instant();
        Instant last = seen.get(what);
        if (last != null && last.plus(QUIET).isAfter(now)) {
            return false;
        }
        if (seen.size() >= MOST) {
            seen.values().removeIf(then -> !then.plus(QUIET).isAfter(now));
            if (seen.size() >= MOST) {
                seen.clear(); // rather an entry too many than one too few
            }
        }
        seen.put(what, now);
        return true;
    }
}
