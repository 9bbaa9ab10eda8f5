package org.sealpost.delivery.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of an attempt to deliver, published while it happens when somebody wants it at the
 * session's log level; the attempt tells all of them again when it ends.
 *
 * @param session id of the outbound session
 * @param peer the server, as {@code mx.example.com[192.0.2.1]:25}; null before one was chosen
 * @param afterMillis since the attempt began
 * @param line as Postfix logs it, or with {@code C: } or {@code S: } in front
 */
public record DeliveryStep(
        Instant at,
        String session,
        String queueId,
        String nextHop,
        @Nullable String peer,
        long afterMillis,
        String line) {}
