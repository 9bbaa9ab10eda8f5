package org.sealpost.console;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.queue.QueuedMessages.Attempt;
import org.sealpost.queue.QueuedMessages.QueuedMessage;

/**
 * All there is to say of a queued message.
 *
 * @param recipients each with its state and last reply
 * @param tries the latest first
 * @param explained the verdicts of the last attempt, one for each next hop
 */
public record QueueStory(
        QueueRow row, List<Recipient> recipients, List<Try> tries, List<Explained> explained) {

    /**
     * A recipient.
     *
     * @param route the next hop somebody gave it; null when the routes hold
     */
    public record Recipient(
            String address, String state, @Nullable ReplyView reply, @Nullable String route) {}

    /** One line of an attempt. */
    public record Try(
            When at,
            @Nullable String nextHop,
            @Nullable String host,
            ReplyView reply,
            @Nullable String level,
            @Nullable String rule) {}

    /** A verdict with the next hop it is about. */
    public record Explained(@Nullable String nextHop, @Nullable String host, VerdictView verdict) {}

    static QueueStory of(QueuedMessage message, Instant now) {
        List<Attempt> lines = message.attempts();
        return new QueueStory(
                QueueRow.of(message, now),
                message.recipients().stream()
                        .map(one ->
                                new Recipient(
                                        one.address(),
                                        one.state(),
                                        reply(one.lastReply(), lines),
                                        one.route()))
                        .toList(),
                lines.reversed().stream().map(line -> tried(line, now)).toList(),
                last(lines)
                        .flatMap(line ->
                                Stream.ofNullable(line.verdict())
                                        .map(verdict ->
                                                new Explained(
                                                        line.nextHop(),
                                                        line.host(),
                                                        VerdictView.of(verdict, now))))
                        .distinct()
                        .toList());
    }

    private static Stream<Attempt> last(List<Attempt> lines) {
        return lines.stream().filter(line -> line.at().equals(lines.getLast().at()));
    }

    /** A reply's kind shows in the attempt that brought it. */
    private static @Nullable ReplyView reply(@Nullable String text, List<Attempt> lines) {
        return text == null
                ? null
                : ReplyView.of(
                        text,
                        lines.reversed().stream()
                                .filter(line -> line.reply().equals(text))
                                .map(Attempt::verdict)
                                .filter(Objects::nonNull)
                                .findFirst()
                                .orElse(null));
    }

    private static Try tried(Attempt line, Instant now) {
        var verdict = line.verdict();
        return new Try(
                When.of(line.at(), now),
                line.nextHop(),
                line.host(),
                ReplyView.of(line.reply(), verdict),
                verdict == null ? null : verdict.level().word(),
                verdict == null ? null : verdict.matchedKey());
    }
}
