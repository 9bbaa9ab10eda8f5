package org.sealpost.queue;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which messages to show; a null or blank field shows all, letters' case matters only in the state.
 *
 * @param q found in sender, recipient or id
 * @param state exactly the state
 * @param nextHop exactly a next hop of the last attempt
 */
public record QueueFilter(@Nullable String q, @Nullable String state, @Nullable String nextHop) {

    /** The states a message can have. */
    public static final List<String> STATES = List.of("queued", "active", "deferred", "held");

    public static final QueueFilter ALL = new QueueFilter(null, null, null);

    public QueueFilter {
        q = folded(q);
        state = state == null || state.isBlank() ? null : state.strip();
        nextHop = folded(nextHop);
    }

    private static @Nullable String folded(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip().toLowerCase(Locale.ROOT);
    }
}
