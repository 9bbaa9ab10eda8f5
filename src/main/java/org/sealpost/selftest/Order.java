package org.sealpost.selftest;

import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ConnectionPermit;

/** A test that somebody may have, ready to run. */
sealed interface Order {

    /** What was asked for, in the words of the history. */
    Subject subject();

    /** The servers of a next hop. */
    record OfServers(Subject subject, ConnectionPermit permit) implements Order {}

    /** One of our own listeners. */
    record OfListener(Subject subject) implements Order {}

    /**
     * What a test is about.
     *
     * @param kind {@code listener}, {@code destination} or {@code next-hop}
     * @param name as asked for
     * @param nextHop where mail for it goes; null for a listener
     */
    record Subject(String kind, String name, @Nullable String nextHop) {
        static final String LISTENER = "listener";
        static final String DESTINATION = "destination";
        static final String NEXT_HOP = "next-hop";

        /** Whether both are the same in the history, wherever mail for them goes. */
        boolean isSame(Subject other) {
            return kind.equals(other.kind) && name.equals(other.name);
        }
    }
}
