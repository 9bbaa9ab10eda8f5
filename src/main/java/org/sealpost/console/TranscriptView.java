package org.sealpost.console;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.Watches.Transcript;

/**
 * A session that was kept, as pages show it.
 *
 * @param steps each line with its side, as in an event's dialogue
 */
public record TranscriptView(
        When at,
        String session,
        @Nullable String queueId,
        @Nullable String peer,
        String text,
        List<EventStory.Step> steps) {

    static TranscriptView of(Transcript transcript, Instant now) {
        return new TranscriptView(
                When.of(transcript.at(), now),
                transcript.session(),
                transcript.queueId(),
                transcript.peer(),
                transcript.text(),
                transcript.steps().stream().map(EventStory::step).toList());
    }

    /** As a text file has it. */
    static String text(Transcript transcript) {
        return "# "
                + transcript.at()
                + " "
                + (transcript.peer() == null ? "" : transcript.peer() + " ")
                + "session "
                + transcript.session()
                + "\n"
                + transcript.steps().stream()
                        .map(TranscriptView::line)
                        .collect(Collectors.joining("\n"))
                + "\n# "
                + transcript.text()
                + "\n";
    }

    private static String line(ConnectionEvent.Step step) {
        return "+%6d ms  %s".formatted(step.afterMillis(), step.line());
    }
}
