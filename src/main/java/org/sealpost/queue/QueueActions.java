package org.sealpost.queue;

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

    /** Removes a message for good; its sender is not told. On disk before it returns. */
    void delete(QueueId id);
}
