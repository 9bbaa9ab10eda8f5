package org.sealpost.queue;

import java.time.Instant;
import java.util.Map;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.QueueId;

/**
 * A message handed to delivery.
 *
 * @param envelope with only the recipients that are due now
 * @param size octets
 * @param attempts delivery attempts made so far
 * @param expiresAt from then on a temporary failure is final
 * @param delayTold whether its sender was told that it waits
 * @param routes the next hops somebody gave recipients, instead of those of the routes
 */
public record ClaimedMessage(
        QueueId id,
        Envelope envelope,
        long size,
        Instant receivedAt,
        Instant expiresAt,
        int attempts,
        boolean delayTold,
        Map<MailAddress, NextHop> routes) {

    public ClaimedMessage {
        routes = Map.copyOf(routes);
    }
}
