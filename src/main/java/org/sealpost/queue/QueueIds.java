package org.sealpost.queue;

import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.sealpost.mail.QueueId;

/** Makes queue ids: milliseconds and a counter, so that later ids sort after earlier ones. */
final class QueueIds {

    private static final int COUNTER_BITS = 20;
    private static final int LENGTH = 14;

    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    QueueIds(Clock clock) {
        this.clock = clock;
    }

    QueueId next() {
        long wanted = clock.millis() << COUNTER_BITS;
        long value = last.updateAndGet(previous -> Math.max(previous + 1, wanted));
        return new QueueId(text(value));
    }

    /** Keeps ids unique although the clock was set back while Sealpost was down. */
    void neverBefore(QueueId known) {
        if (known.text().length() == LENGTH) {
            long value = Long.parseLong(known.text(), 32);
            last.accumulateAndGet(value, Math::max);
        }
    }

    private static String text(long value) {
        String digits = Long.toString(value, 32).toUpperCase(Locale.ROOT);
        return "0".repeat(LENGTH - digits.length()) + digits;
    }
}
