package org.sealpost.eventlog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connection log. Needs {@code events:read}. */
public interface ConnectionEvents {

    /** Where {@link #count} stops counting. */
    int MOST_COUNTED = 100_000;

    /**
     * Events, newest first; all that were recorded before the call are among them.
     *
     * @param before only events with a smaller id; null for the newest
     */
    List<ConnectionEvent> latest(EventFilter filter, @Nullable Long before, int size);

    /**
     * The same, oldest first.
     *
     * @param after only events with a greater id; null for the oldest
     */
    List<ConnectionEvent> earliest(EventFilter filter, @Nullable Long after, int size);

    /**
     * What is kept of a message, oldest first: the session that brought it, how it was queued, and
     * each attempt to deliver it.
     */
    List<ConnectionEvent> ofMessage(String queueId);

    /** How many events are kept that the filter shows, at most {@link #MOST_COUNTED}. */
    long count(EventFilter filter);

    /**
     * Tells a follower of every event from now on, or from behind {@code lastSeen} on: first what
     * is still kept of that, then what comes, each once and in the order of the ids.
     *
     * @param lastSeen id of the last event the follower knows; null for only what comes
     */
    Subscription follow(EventFilter filter, @Nullable Long lastSeen, Follower follower);

    /** Somebody who watches; called on a thread of its own, so it may take its time. */
    interface Follower {

        void seen(ConnectionEvent event);

        /** Nothing was to be told for some seconds: the time to see whether anybody still looks. */
        default void quiet() {}

        /** Nothing follows any more: closed, shutting down, or a call to this follower failed. */
        void ended();
    }

    /** Ends with {@link #close}, which does not wait. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
