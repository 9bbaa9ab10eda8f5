package org.sealpost.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;

/**
 * What happened to a message, from the connection that brought it to the last reply.
 *
 * @param chapters in the order in which they began
 * @param last the last attempt; null before the first
 */
public record MessageStory(
        String id,
        @Nullable String sender,
        List<String> recipients,
        @Nullable String messageId,
        List<Chapter> chapters,
        @Nullable Chapter last) {

    /**
     * A session or an attempt.
     *
     * @param after since the story began, e.g. {@code +120 ms}
     * @param verdict what the judge said; null where it was not asked
     */
    public record Chapter(
            EventLine line,
            When began,
            String after,
            @Nullable String took,
            @Nullable String nextHop,
            @Nullable VerdictView verdict,
            List<EventStory.Step> steps) {}

    static MessageStory of(String id, List<ConnectionEvent> events, Instant now) {
        List<ConnectionEvent> ordered =
                events.stream().sorted(Comparator.comparing(MessageStory::begin)).toList();
        Instant first = begin(ordered.getFirst());
        List<Chapter> chapters = ordered.stream().map(event -> chapter(event, first, now)).toList();
        return new MessageStory(
                id,
                ordered.stream()
                        .map(event -> event.details().sender())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                ordered.stream()
                        .filter(event -> event.type().equals("queued"))
                        .findFirst()
                        .map(event -> event.details().recipients())
                        .orElse(List.of()),
                ordered.stream()
                        .map(event -> event.details().messageId())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                chapters,
                chapters.stream()
                        .filter(chapter -> chapter.line().type().equals("delivery"))
                        .reduce((one, next) -> next)
                        .orElse(null));
    }

    /** An event is recorded when it ends. */
    private static Instant begin(ConnectionEvent event) {
        Long millis = event.details().millis();
        return millis == null || event.type().equals("queued")
                ? event.at()
                : event.at().minusMillis(millis);
    }

    private static Chapter chapter(ConnectionEvent event, Instant first, Instant now) {
        Long millis = event.details().millis();
        return new Chapter(
                EventLine.of(event),
                When.of(begin(event), now),
                after(Duration.between(first, begin(event))),
                millis == null || event.type().equals("queued") ? null : "took " + millis + " ms",
                event.nextHop(),
                event.verdict() == null ? null : VerdictView.of(event.verdict(), now),
                event.details().steps().stream().map(EventStory::step).toList());
    }

    private static String after(Duration since) {
        return since.toMinutes() < 1
                ? "+" + since.toMillis() + " ms"
                : since.toHours() < 2
                        ? "+" + since.toMinutes() + " min"
                        : "+" + since.toHours() + " h";
    }
}
