package org.sealpost.eventlog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.VerdictDocument;

/**
 * One row of the connection log.
 *
 * @param id grows with time, also across restarts and the loss of the database; below 2^53, so that
 *     JavaScript reads it exactly
 * @param at when it was recorded; for a session and a delivery that is when they ended
 * @param type session, self-test (a session in which Sealpost tested its own listener), queued,
 *     delivery, change or note; or step, a line of a session that is shown while it happens and not
 *     kept, since the session's row tells it again
 * @param direction {@code inbound}, {@code outbound} or {@code internal}
 * @param session the session it belongs to, or null
 * @param queueId the message, when it tells of exactly one
 * @param listener for inbound sessions
 * @param peer address and port of the other side
 * @param host its name, when known without asking DNS
 * @param nextHop where the message had to go, for deliveries
 * @param level the TLS level that was required, for deliveries
 * @param result {@code delivered}, {@code deferred}, {@code bounced}, {@code accepted}, {@code
 *     refused} or {@code closed}
 * @param rule key of the TLS rule that matched, for deliveries; {@code default} when none did
 * @param tls {@code none}, {@code anonymous}, {@code untrusted}, {@code trusted} or {@code
 *     verified}; null where no session was
 * @param text the line as Postfix logs it
 * @param verdict what the judge said of an outbound session; the value the queue shows, too
 * @param details what the type of event has beyond this
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
        @Nullable String nextHop,
        @Nullable String level,
        @Nullable String result,
        @Nullable String rule,
        @Nullable String tls,
        String text,
        @Nullable VerdictDocument verdict,
        Details details) {

    /** The type of sessions in which Sealpost itself tested its listener. */
    public static final String SELF_TEST = "self-test";

    /** The directions an event can have. */
    public static final List<String> DIRECTIONS = List.of("inbound", "outbound", "internal");

    /** The results an event can have. */
    public static final List<String> RESULTS =
            List.of("delivered", "deferred", "bounced", "accepted", "refused", "closed");

    /** How far TLS can prove the other side. */
    public static final List<String> TLS_CLASSES =
            List.of("none", "anonymous", "untrusted", "trusted", "verified");

    /** An event of our own that belongs to no session. */
    static ConnectionEvent internal(long id, String type, String text) {
        return new ConnectionEvent(
                id,
                EventIds.timeOf(id),
                type,
                "internal",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                text,
                null,
                Details.NONE);
    }

    /**
     * What only some types of event have; what is missing is null or empty.
     *
     * @param tls the TLS line as Postfix logs it; null in clear
     * @param user who signed in
     * @param reason why the session ended
     * @param queueIds messages accepted in the session
     * @param messageId what stands in the message's {@code Message-ID:}
     * @param sender of the message; empty for the null reverse path
     * @param recipients of the message or the attempt, the first hundred
     * @param size of the message in octets
     * @param millis since its session or attempt began; of a session or an attempt that ended, how
     *     long it took
     * @param steps the dialogue: secrets masked, no bodies
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Details(
            @Nullable String tls,
            @Nullable String user,
            @Nullable String reason,
            List<String> queueIds,
            @Nullable String messageId,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sender,
            List<String> recipients,
            @Nullable Long size,
            @Nullable Long bytesIn,
            @Nullable Long bytesOut,
            @Nullable Long millis,
            List<Step> steps) {

        public static final Details NONE =
                new Details(null, null, null, null, null, null, null, null, null, null, null, null);

        public Details(
                @Nullable String tls,
                @Nullable String user,
                @Nullable String reason,
                @Nullable List<String> queueIds,
                @Nullable String messageId,
                @Nullable String sender,
                @Nullable List<String> recipients,
                @Nullable Long size,
                @Nullable Long bytesIn,
                @Nullable Long bytesOut,
                @Nullable Long millis,
                @Nullable List<Step> steps) {
            this.tls = tls;
            this.user = user;
            this.reason = reason;
            this.queueIds = queueIds == null ? List.of() : List.copyOf(queueIds);
            this.messageId = messageId;
            this.sender = sender;
            this.recipients = recipients == null ? List.of() : List.copyOf(recipients);
            this.size = size;
            this.bytesIn = bytesIn;
            this.bytesOut = bytesOut;
            this.millis = millis;
            this.steps = steps == null ? List.of() : List.copyOf(steps);
        }
    }

    /**
     * One line of the dialogue.
     *
     * @param afterMillis since it began
     * @param line with {@code C: } or {@code S: } in front, or a sentence of ours
     */
    public record Step(long afterMillis, String line) {}
}
