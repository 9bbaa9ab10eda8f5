package org.sealpost.smtp;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time a client has for what is waited for. It begins with a whole wait, loses what is spent
 * reading and gains a little with every octet, so a client that drips octets runs out of it, and
 * one whose message we are slow to store does not. {@link #isMissed} also finds sessions that hang
 * in a write or within a TLS record, where no read can time out.
 */
final class Deadline {

    /** Slower than a modem; who sends less only wants to hold the session (slowloris). */
    static final int LEAST_OCTETS_PER_SECOND = 500;

    /** Longest session in waits: more than eight hours with the standard of five minutes. */
    static final int LONGEST_SESSION = 100;

    private static final long MOST_GRACE = TimeUnit.SECONDS.toNanos(5);
    private static final long PER_OCTET = TimeUnit.SECONDS.toNanos(1) / LEAST_OCTETS_PER_SECOND;
    private static final long NONE = Long.MIN_VALUE;

    private final LongSupplier nanos;
    private final long whole;
    private final long end;
    private long left;
    private long begun;
    private volatile long watched = NONE;

    Deadline(Duration wait, LongSupplier nanos) {
        this.nanos = nanos;
        this.whole = wait.toNanos();
        this.left = whole;
        this.end = nanos.getAsLong() + whole * LONGEST_SESSION;
    }

    /** Something new is waited for: a command, a message. */
    void restart() {
        left = whole;
    }

    /**
     * A read begins.
     *
     * @return how long it may take, in milliseconds
     * @throws SocketTimeoutException when there is no time left
     */
    int beginRead() throws SocketTimeoutException {
        begun = nanos.getAsLong();
        long most = Math.min(left, end - begun);
        if (most <= 0) {
            throw new SocketTimeoutException("the client takes too long");
        }
        watched = begun + most;
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(most));
    }

    /** A read has brought this much. */
    void endRead(int octets) {
        watched = NONE;
        long spent = nanos.getAsLong() - begun;
        left = Math.min(whole, left - spent + octets * PER_OCTET);
    }

    /** A write or a handshake begins, which must be over within a whole wait. */
    void beginOther() {
        watched = nanos.getAsLong() + whole;
    }

    void endOther() {
        watched = NONE;
    }

    /** Whether the session hangs; asked by another thread. */
    boolean isMissed() {
        long until = watched;
        return until != NONE && nanos.getAsLong() - until > Math.min(whole, MOST_GRACE);
    }
}
