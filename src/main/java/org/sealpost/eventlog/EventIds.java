package org.sealpost.eventlog;

import java.time.Clock;
import java.time.Instant;

/**
 * Ids that grow with time: the milliseconds since 2025 times 4096, plus a counter. They stay below
 * 2^53 until 2094. Not safe for use by several threads.
 */
final class EventIds {

    private static final long EPOCH = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
    private static final int COUNTER_BITS = 12;
    private static final long MOST_MILLIS = 1L << 41;

    private final Clock clock;
    private long last;

    /**
     * @param newestKnown the newest id that was ever seen: a clock that was set back since must not
     *     make smaller ones
     */
    EventIds(Clock clock, long newestKnown) {
        this.clock = clock;
        this.last = Math.max(newestKnown, firstAt(clock.instant()) - 1);
    }

    long next() {
        last = Math.max(last + 1, firstAt(clock.instant()));
        return last;
    }

    /** The newest id given out, or one that is smaller than all that will be. */
    long last() {
        return last;
    }

    /** The time an id stands for. */
    static Instant timeOf(long id) {
        return Instant.ofEpochMilli(EPOCH + (id >> COUNTER_BITS));
    }

    /** The smallest id of an event at or after that time. */
    static long firstAt(Instant time) {
        long seconds = Math.clamp(time.getEpochSecond(), 0, 1L << 40);
        long millis = seconds * 1000 + (time.getNano() + 999_999) / 1_000_000;
        return Math.clamp(millis - EPOCH, 0, MOST_MILLIS) << COUNTER_BITS;
    }
}
