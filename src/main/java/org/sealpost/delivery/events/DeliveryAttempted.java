package org.sealpost.delivery.events;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.VerdictDocument;

/**
 * One attempt to deliver one message to one next hop, published when it ends.
 *
 * @param session id of the outbound session
 * @param peer the server, as {@code mx.example.com[192.0.2.1]:25}; null when none was reached
 * @param result {@code delivered}, {@code deferred} or {@code bounced}; the worst of its recipients
 * @param text the log line of the worst of them as Postfix writes it, without the time
 * @param tlsLine {@code Verified TLS connection established to ..}; null without TLS
 * @param recipients all who were tried
 * @param lines the log line of each
 * @param steps the dialogue and the judge's checks; secrets masked, no bodies
 */
public record DeliveryAttempted(
        Instant at,
        String session,
        String queueId,
        String nextHop,
        @Nullable String peer,
        String level,
        String result,
        String text,
        @Nullable String tlsLine,
        @Nullable VerdictDocument verdict,
        List<String> recipients,
        List<String> lines,
        List<Step> steps) {

    /**
     * One line.
     *
     * @param afterMillis since the attempt began
     * @param line with {@code C: } or {@code S: } in front, or a sentence of ours
     */
    public record Step(long afterMillis, String line) {}
}
