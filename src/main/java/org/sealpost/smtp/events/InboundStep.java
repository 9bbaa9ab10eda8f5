package org.sealpost.smtp.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of an inbound session, published while it happens when somebody wants it at the session's
 * log level; the session tells all of them again when it ends.
 *
 * @param peer the client, as {@code 192.0.2.1:40000}
 * @param user who signed in; null before that
 * @param afterMillis since the session began
 * @param line as Postfix logs it, or with {@code C: } or {@code S: } in front
 */
public record InboundStep(
        Instant at,
        String session,
        String listener,
        String peer,
        @Nullable String user,
        long afterMillis,
        String line) {}
