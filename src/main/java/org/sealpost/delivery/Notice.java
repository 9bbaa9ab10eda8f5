package org.sealpost.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.ClaimedMessage;
import org.sealpost.queue.Envelope.Recipient;

/**
 * What a sender is told about some recipients of one message (RFC 3464).
 *
 * @param id of the notice itself
 * @param about what happened to each; all of the same kind
 */
record Notice(
        QueueId id, Kind kind, ClaimedMessage message, List<RecipientResult> about, Instant at) {

    private static final Pattern STATUS =
            Pattern.compile("^(?:\\d{3}[ -])?([245]\\.\\d{1,3}\\.\\d{1,3})(?=\\s|$)");

    Notice {
        about = List.copyOf(about);
    }

    /** What happened. */
    enum Kind {
        /** It is not tried again. */
        FAILED("FAILURE", "Undelivered Mail Returned to Sender"),
        /** It waits longer than usual. */
        DELAYED("DELAY", "Delayed Mail (still being tried)"),
        /** A server took it that does not tell the sender itself. */
        RELAYED("SUCCESS", "Successful Mail Delivery Report");

        private final String keyword;
        final String subject;

        Kind(String keyword, String subject) {
            this.keyword = keyword;
            this.subject = subject;
        }

        String action() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** RFC 3461 §4.1: who says nothing is told of failures and delays. */
        boolean isWanted(@Nullable String wish) {
            return wish == null
                    ? this != RELAYED
                    : List.of(wish.toUpperCase(Locale.ROOT).split(",")).contains(keyword);
        }
    }

    /** The recipient as the envelope has it. */
    Optional<Recipient> recipient(RecipientResult result) {
        return recipient(message, result);
    }

    static Optional<Recipient> recipient(ClaimedMessage message, RecipientResult result) {
        return message.envelope().recipients().stream()
                .filter(recipient -> recipient.address().equals(result.recipient()))
                .findFirst();
    }

    /** Whether it was given up because it is too old. */
    boolean isExpired() {
        return kind == Kind.FAILED && !at.isBefore(message.expiresAt());
    }

    /** The enhanced status of a result: the reply's own, or the class alone. */
    static String statusOf(RecipientResult result) {
        String category =
                switch (result.outcome()) {
                    case DELIVERED -> "2";
                    case DEFERRED -> "4";
                    case BOUNCED -> "5";
                };
        Matcher matcher = STATUS.matcher(result.reply());
        return matcher.find() ? matcher.group(1) : category + ".0.0";
    }

    /** The status in a notice, whose class is that of what finally happened. */
    String status(RecipientResult result) {
        return kind == Kind.FAILED ? statusOf(result).replaceFirst("^[24]", "5") : statusOf(result);
    }
}
