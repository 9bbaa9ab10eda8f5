package org.sealpost.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Slows guessing without locking anybody out: failures count for an account and the address they
 * come from together, and for an address as a whole only when there are very many.
 */
@Component
class SignInThrottle {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_OF_ACCOUNT = 10;
    private static final int MOST_OF_ADDRESS = 200;
    private static final int MOST_COUNTERS = 100_000;

    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Clock clock;

    private record Counter(int failures, Instant since) {}

    SignInThrottle(Clock clock) {
        this.clock = clock;
    }

    /** Whether a password may be checked now. */
    boolean mayTry(String account, String address) {
        return count(account + "\n" + address) < MOST_OF_ACCOUNT
                && count(address) < MOST_OF_ADDRESS;
    }

    void failed(String account, String address) {
        if (counters.size() > MOST_COUNTERS) {
            counters.values().removeIf(this::isOver);
        }
        counters.merge(account + "\n" + address, fresh(), this::more);
        counters.merge(address, fresh(), this::more);
    }

    /** Whether a code of somebody whose password was right may be checked now. */
    boolean mayTryCode(String account) {
        return count(code(account)) < MOST_OF_ACCOUNT;
    }

    void codeFailed(String account) {
        counters.merge(code(account), fresh(), this::more);
    }

    private static String code(String account) {
        return account + "\n\ncode";
    }

    private Counter fresh() {
        return new Counter(1, clock.instant());
    }

    private Counter more(Counter known, Counter fresh) {
        return isOver(known) ? fresh : new Counter(known.failures + 1, known.since);
    }

    private int count(String key) {
        @Nullable Counter counter = counters.get(key);
        return counter == null || isOver(counter) ? 0 : counter.failures;
    }

    private boolean isOver(Counter counter) {
        return counter.since.plus(WINDOW).isBefore(clock.instant());
    }
}
