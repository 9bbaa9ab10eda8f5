package org.sealpost.eventlog;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the connection log.
 *
 * @param id time-ordered, also across restarts
 * @param type {@code session}, {@code queued} or {@code delivery}
 * @param direction {@code inbound}, {@code outbound} or {@code internal}
 * @param session the session it belongs to, or null
 * @param listener for inbound sessions
 * @param peer address and port of the other side
 * @param host its name, when known without asking DNS
 * @param level the TLS level that was required
 * @param result {@code delivered}, {@code deferred}, {@code bounced}, {@code accepted}, {@code
 *     refused} or {@code closed}
 * @param text the line as Postfix logs it
 * @param details JSON: the verdict and the steps
 */
public record ConnectionEvent(
        long id,
        Instant at,
        String type,
        String direction,
        @Nullable String session,
        @Nullable String queueId,
        @Nullable String listener,
        @Nullable String peer,
        @Nullable String host,
        @Nullable String level,
        @Nullable String result,
        String text,
        @JsonRawValue @Nullable String details) {}
