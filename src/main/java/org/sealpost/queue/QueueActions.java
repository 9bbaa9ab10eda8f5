package org.sealpost.queue;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.QueueId;

/**
 * What people do to queued messages. Needs {@code queue:write}.
 *
 * <p>Each answers a message that is gone with {@link org.sealpost.mail.NotFound}, and one that is
 * being delivered, or in a state the action is not for, with {@link org.sealpost.mail.Conflict}.
 */
public interface QueueActions {

    /** Makes a waiting message due now. */
    void retry(QueueId id);

    /** Keeps a waiting message from being tried until it is released; on disk before it returns. */
    void hold(QueueId id);

    /** Makes a held message due now. */
    void release(QueueId id);

    /**
     * Sends waiting recipients elsewhere from now on, and makes their message due unless it is
     * held; on disk before it returns.
     *
     * @param recipients as the queue lists them
     * @param nextHop null when the routes shall hold again
     */
    void reroute(QueueId id, Collection<String> recipients, @Nullable NextHop nextHop);

    /** Removes a message for good; its sender is not told. On disk before it returns. */
    void delete(QueueId id);
}
