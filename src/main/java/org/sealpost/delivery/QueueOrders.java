package org.sealpost.delivery;

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
     * What became of an order about many.
     *
     * @param matched messages it reached
     * @param done messages it was done to
     * @param refused messages that were being delivered, or in a state it is not for
     * @param more whether there are more than {@link #MOST}; give the order again
     */
    record Outcome(int matched, int done, int refused, boolean more) {}
}
