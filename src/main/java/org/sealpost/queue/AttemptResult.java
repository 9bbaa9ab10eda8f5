package org.sealpost.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.tls.VerdictDocument;

/**
 * One delivery attempt of one message: what happened to each claimed recipient.
 *
 * @param at when it began
 * @param recipients one result for every claimed recipient
 */
public record AttemptResult(Instant at, List<RecipientResult> recipients) {

    public AttemptResult {
        recipients = List.copyOf(recipients);
    }

    /** What became of a recipient. */
    public enum Outcome {
        DELIVERED,
        DEFERRED,
        /** Refused for good; the sender has been told, or must not be told. */
        BOUNCED
    }

    /**
     * One recipient's result.
     *
     * @param reply the last word, as a log quotes it, e.g. {@code 4.7.5 Server certificate not
     *     verified} or {@code 250 2.0.0 Ok}
     * @param nextHop where it was routed to; null when routing failed
     * @param host the server that was tried last, as {@code mx.example.com[192.0.2.1]:25}; or null
     * @param verdict the judge's ruling on the last session; null when none was reached
     */
    public record RecipientResult(
            MailAddress recipient,
            Outcome outcome,
            String reply,
            @Nullable String nextHop,
            @Nullable String host,
            @Nullable VerdictDocument verdict) {}
}
