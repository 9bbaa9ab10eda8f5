package org.sealpost.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.queue.QueuedMessages.Attempt;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.queue.QueuedMessages.QueuedRecipient;
import org.sealpost.tls.VerdictDocument;

/**
 * A message in the list.
 *
 * @param sender as a person reads it
 * @param recipient the first that still waits
 * @param more how many other recipients there are
 * @param nextTry null while it is active or held
 * @param level of the rule that ruled last; null before the first verdict
 * @param rule its key; null for the default
 */
public record QueueRow(
        String id,
        String state,
        When received,
        String size,
        String sender,
        String recipient,
        int more,
        @Nullable String nextHop,
        String attempts,
        @Nullable When nextTry,
        @Nullable ReplyView reply,
        @Nullable String level,
        @Nullable String rule) {

    /** The queue keeps this many lines of attempts for a message. */
    private static final int KEPT = 20;

    static QueueRow of(QueuedMessage message, Instant now) {
        List<QueuedRecipient> all = message.recipients();
        VerdictDocument verdict = message.lastVerdict();
        Instant next = message.nextAttemptAt();
        return new QueueRow(
                message.id(),
                message.state(),
                When.of(message.receivedAt(), now),
                Octets.words(message.size()),
                sender(message),
                all.stream()
                        .filter(QueueRow::waits)
                        .map(QueuedRecipient::address)
                        .findFirst()
                        .orElse(all.isEmpty() ? "" : all.getFirst().address()),
                Math.max(0, all.size() - 1),
                message.nextHop(),
                attempts(message.attempts()),
                next == null ? null : When.of(next.isBefore(now) ? now : next, now),
                message.attempts().isEmpty() ? null : reply(message.attempts().getLast()),
                verdict == null ? null : verdict.level().word(),
                verdict == null ? null : verdict.matchedKey());
    }

    static String sender(QueuedMessage message) {
        return message.sender().isEmpty() ? "<> (a notice)" : message.sender();
    }

    static boolean waits(QueuedRecipient recipient) {
        return !recipient.state().equals("delivered") && !recipient.state().equals("bounced");
    }

    private static ReplyView reply(Attempt last) {
        return ReplyView.of(last.reply(), last.verdict());
    }

    /** An attempt that went to several servers has several lines of the same time. */
    static String attempts(List<Attempt> lines) {
        long made = lines.stream().map(Attempt::at).distinct().count();
        return lines.size() < KEPT ? String.valueOf(made) : made + " or more";
    }
}
