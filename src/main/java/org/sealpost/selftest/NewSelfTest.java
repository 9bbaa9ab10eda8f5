package org.sealpost.selftest;

import org.jspecify.annotations.Nullable;

/**
 * What shall be tested: exactly one of the three.
 *
 * @param listener the name of one of our own listeners
 * @param destination a domain or a recipient, routed as mail to it would be
 * @param nextHop as in a rule, e.g. {@code [mx.example.com]:25}
 * @param messageTo with a listener: who gets a real test message through it; null for nobody
 */
public record NewSelfTest(
        @Nullable String listener,
        @Nullable String destination,
        @Nullable String nextHop,
        @Nullable String messageTo) {

    /** Without a message. */
    public NewSelfTest(
            @Nullable String listener, @Nullable String destination, @Nullable String nextHop) {
        this(listener, destination, nextHop, null);
    }

    /** As a person writes it: what has a bracket or a port is a next hop, else a destination. */
    public static NewSelfTest written(String name) {
        return !name.contains("@") && (name.startsWith("[") || name.contains(":"))
                ? new NewSelfTest(null, null, name)
                : new NewSelfTest(null, name, null);
    }

    /** The one that is given. */
    @Nullable String name() {
        return listener != null ? listener : destination != null ? destination : nextHop;
    }
}
