package org.sealpost.queue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.QueueId;
import org.sealpost.tls.VerdictDocument;

/** What waits in the queue, for people to look at. */
public interface QueuedMessages {

    Optional<QueuedMessage> find(QueueId id);

    /**
     * A page of the queue, oldest first.
     *
     * @param after the last id of the page before; null for the first page
     * @param size 1 to 500
     */
    List<QueuedMessage> page(QueueFilter filter, @Nullable QueueId after, int size);

    /**
     * A page of the queue in another order.
     *
     * @param after the place of the last message of the page before; null for the first page
     */
    List<QueuedMessage> page(
            QueueFilter filter, QueueOrder order, QueueOrder.@Nullable Place after, int size);

    /** How many messages wait that the filter shows. */
    long count(QueueFilter filter);

    /** How many messages wait in each state; a state without any is missing. */
    Map<String, Long> countByState();

    /**
     * Next hops whose TLS keeps deferred messages waiting, those with the most in front; looks at
     * the thousand oldest.
     */
    List<HeldUp> heldUpByTls(int most);

    /**
     * A next hop that mail waits for.
     *
     * @param orMore whether there may be more messages than were looked at
     */
    record HeldUp(String nextHop, long messages, boolean orMore) {}

    /**
     * A message with its recipients and attempts.
     *
     * @param state {@code queued}, {@code active}, {@code deferred} or {@code held}
     * @param sender empty for the null reverse path
     * @param size octets
     * @param attempts the latest last
     */
    record QueuedMessage(
            String id,
            String state,
            String sender,
            List<QueuedRecipient> recipients,
            long size,
            Instant receivedAt,
            @Nullable Instant nextAttemptAt,
            List<Attempt> attempts,
            @Nullable String nextHop,
            @Nullable VerdictDocument lastVerdict) {}

    /**
     * A recipient.
     *
     * @param state {@code queued}, {@code deferred}, {@code delivered} or {@code bounced}
     * @param route the next hop somebody gave it; null when the routes hold
     */
    record QueuedRecipient(
            String address, String state, @Nullable String lastReply, @Nullable String route) {}

    /** A delivery attempt to one next hop. */
    record Attempt(
            Instant at,
            @Nullable String nextHop,
            @Nullable String host,
            String reply,
            @Nullable VerdictDocument verdict) {}
}
