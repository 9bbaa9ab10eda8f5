package org.sealpost.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.queue.QueueFilter;

/** Orders people give about queued messages. Needs {@code queue:write}. */
public interface QueueOrders {

    /** The most messages one order about many reaches. */
    int MOST = 10_000;

    /**
     * Does it to one message; what it changes is on disk before this returns.
     *
     * @throws org.sealpost.mail.NotFound when the message is gone
     * @throws org.sealpost.mail.Conflict when it is being delivered, is in a state the order is not
     *     for, or has no sender to return it to
     */
    void perform(QueueOrder order, String id);

    /** Does it to all that match, oldest first; one that it cannot be done to stays as it is. */
    Outcome perform(QueueOrder order, QueueFilter filter);

    /**
     * Sends one message another way, and makes it due unless it is held.
     *
     * @throws org.sealpost.mail.InvalidInput when it is no next hop, or its TLS rule is weaker
     * @throws org.sealpost.mail.NotAllowed when the caller may not name that next hop
     */
    void reroute(NewRoute order, String id);

    /**
     * Sends all that match another way. A filter with a next hop reaches of each message only the
     * recipients that go there.
     */
    Outcome reroute(NewRoute order, QueueFilter filter);

    /**
     * Where waiting mail shall go.
     *
     * @param nextHop as routes have it; an empty text for back to the routes
     * @param recipients only these of a message; null for all that wait
     * @param weaker whether its TLS rule may be weaker than that of the next hop before
     */
    record NewRoute(@Nullable String nextHop, @Nullable List<String> recipients, boolean weaker) {}

    /**
     * What became of an order about many.
     *
     * @param matched messages it reached
     * @param done messages it was done to
     * @param refused messages that were being delivered, or in a state it is not for
     * @param reasons why some were refused; a few of them
     * @param more whether there are more than {@link #MOST}; give the order again
     */
    record Outcome(int matched, int done, int refused, boolean more, List<String> reasons) {}
}
