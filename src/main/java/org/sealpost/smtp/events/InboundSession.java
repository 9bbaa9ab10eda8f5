package org.sealpost.smtp.events;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inbound session, published once when it ends.
 *
 * @param listener {@code smtp}, {@code smtps} or {@code submission}
 * @param peer the client, as {@code 192.0.2.1:40000}
 * @param helo what it called itself; null when it never did
 * @param tls e.g. {@code TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)}; null in clear
 * @param queueIds messages accepted in it
 * @param reason why it ended, e.g. {@code quit}, {@code lost connection after DATA}, {@code
 *     timeout}
 * @param steps the dialogue: secrets masked, no bodies
 * @param selfTest whether it was Sealpost itself that tested its listener
 */
public record InboundSession(
        Instant at,
        String session,
        String listener,
        String peer,
        @Nullable String helo,
        @Nullable String tls,
        @Nullable String user,
        List<String> queueIds,
        String reason,
        long bytesIn,
        long bytesOut,
        long millis,
        List<Step> steps,
        boolean selfTest) {

    /**
     * One line of the dialogue.
     *
     * @param afterMillis since the session began
     * @param line with {@code C: } or {@code S: } in front, or a TLS line as Postfix logs it
     */
    public record Step(long afterMillis, String line) {}
}
