package org.sealpost.eventlog;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connection log. */
public interface ConnectionEvents {

    /**
     * Stored events, newest first.
     *
     * @param before only events with a smaller id; null for the newest
     */
    List<ConnectionEvent> latest(EventFilter filter, @Nullable Long before, int size);

    /**
     * Calls {@code listener} for every event from now on, beginning with those after {@code
     * lastSeen} that are still known; it is called on one thread at a time and must not block.
     *
     * @return closes the subscription
     */
    AutoCloseable follow(
            EventFilter filter, @Nullable Long lastSeen, Consumer<ConnectionEvent> listener);
}
