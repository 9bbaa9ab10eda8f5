package org.sealpost.selftest;

import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ConnectionPermit;

/** A test that somebody may have, ready to run. */
sealed interface Order {

    /** What was asked for, in the words of the history. */
    Subject subject();

    /** The servers of a next hop. */
    record OfServers(Subject subject, ConnectionPermit permit) implements Order {}

    /**
     * One of our own listeners.
     *
     * @param mailbox who gets a real test message; null for nobody
     */
    record OfListener(Subject subject, @Nullable String mailbox) implements Order {}

    /**
     * What a test is about.
     *
     * @param kind {@code listener}, {@code destination}, {@code next-hop} or {@code rules}
     * @param name as asked for
     * @param nextHop where mail for it goes; null for a listener
     */
    record Subject(String kind, String name, @Nullable String nextHop) {
        static final String LISTENER = "listener";
        static final String DESTINATION = "destination";
        static final String NEXT_HOP = "next-hop";

        /** Of a schedule only: the rules of a level and above. */
        static final String RULES = "rules";

        /** Whether both are the same in the history, wherever mail for them goes. */
        boolean isSame(Subject other) {
            return kind.equals(other.kind) && name.equals(other.name);
        }
    }
}
