package org.sealpost.delivery;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What may be done to queued messages. */
public enum QueueOrder {
    /** Try it now. */
    RETRY("tried again now"),
    /** Keep it from being tried until it is released. */
    HOLD("held"),
    /** End a hold; it is due at once. */
    RELEASE("released"),
    /** Return it to its sender, who is told; it is gone then. */
    BOUNCE("returned to their senders"),
    /** Remove it for good; nobody is told. */
    DELETE("deleted");

    private final String done;

    QueueOrder(String done) {
        this.done = done;
    }

    /** Reads {@code retry}; empty for any other word. */
    public static Optional<QueueOrder> parse(String word) {
        return Arrays.stream(values()).filter(order -> order.word().equals(word)).findAny();
    }

    /** The order as API and console write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is said of messages it was done to. */
    public String done() {
        return done;
    }
}
