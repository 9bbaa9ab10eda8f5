package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.snapshot.Frames.Frame;
import tools.jackson.core.JacksonException;

/**
 * A snapshot that was read through and found whole.
 *
 * @param base what its base file ends with
 * @param last the newest change, or what the base ends with
 * @param end where the log's last commit ends
 * @param cutOff whether something follows there that a crash or power cut left unfinished
 */
record SavedConfiguration(
        Generation generation,
        Commit base,
        Commit last,
        List<Span> spans,
        long end,
        boolean cutOff) {

    /** Rows that one commit made count: from here to there in a file. */
    record Span(Path file, long begin, long end) {}

    /** What is done with each row of a span. */
    @FunctionalInterface
    interface RowVisitor<E extends Exception> {
        void visit(Row row) throws E;
    }

    /**
     * Reads through the newest snapshot of a folder.
     *
     * @return empty when there is none
     * @throws SnapshotUnreadable when there is one that cannot be trusted
     */
    static Optional<SavedConfiguration> read(Path folder) throws IOException {
        Optional<Generation> newest = Generation.newest(folder);
        return newest.isEmpty() ? Optional.empty() : Optional.of(read(newest.get()));
    }

    private static SavedConfiguration read(Generation generation) throws IOException {
        var spans = new ArrayList<Span>();
        File base = File.read(generation.base(), spans, null);
        Commit first = base.last;
        if (first == null || spans.size() != 1 || base.end != base.size) {
            throw new SnapshotUnreadable(generation.base(), "is damaged or cut off");
        }
        if (!Files.exists(generation.log())) {
            throw new SnapshotUnreadable(generation.log(), "is missing");
        }
        File log = File.read(generation.log(), spans, first);
        Commit last = log.last == null ? first : log.last;
        if (!last.lineage().equals(first.lineage())) {
            throw new SnapshotUnreadable(generation.log(), "belongs to another base file");
        }
        return new SavedConfiguration(generation, first, last, spans, log.end, log.end != log.size);
    }

    /** Whether there are rows of a table. */
    boolean holds(String table) {
        var found = new AtomicBoolean();
        try {
            for (Span span : spans) {
                SavedConfiguration.<RuntimeException>visit(
                        span, row -> found.compareAndSet(false, row.table().equals(table)));
            }
        } catch (IOException e) {
            return false; // it was whole a moment ago, and is not to be trusted now
        }
        return found.get();
    }

    /** Calls the visitor with every row of a span, in their order. */
    static <E extends Exception> void visit(Span span, RowVisitor<E> visitor)
            throws IOException, E {
        try (FileChannel channel = FileChannel.open(span.file, StandardOpenOption.READ)) {
            long place = span.begin;
            while (place < span.end) {
                Frame frame = Frames.at(channel, place);
                if (frame == null) {
                    throw new SnapshotUnreadable(span.file, "changed while it was read");
                }
                if (frame.kind() == Frames.ROWS) {
                    String text = new String(frame.payload(), StandardCharsets.UTF_8);
                    for (String line : text.lines().toList()) {
                        visitor.visit(Row.parse(line));
                    }
                }
                place = frame.end();
            }
        }
    }

    private record File(@Nullable Commit last, long end, long size) {

        static File read(Path file, List<Span> spans, @Nullable Commit before) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                Frames.requireHeader(file, channel);
                long committed = Frames.HEADER.length;
                long place = committed;
                Commit last = null;
                Frame frame = Frames.at(channel, place);
                while (frame != null) {
                    place = frame.end();
                    if (frame.kind() == Frames.COMMIT) {
                        last = commit(file, frame, last == null ? before : last);
                        spans.add(new Span(file, committed, place));
                        committed = place;
                    }
                    frame = Frames.at(channel, place);
                }
                if (Frames.commitFollows(channel, place)) {
                    throw new SnapshotUnreadable(file, "is damaged at octet " + place);
                }
                return new File(last, committed, channel.size());
            }
        }

        private static Commit commit(Path file, Frame frame, @Nullable Commit before)
                throws IOException {
            try {
                Commit commit = Commit.decode(frame.payload());
                if (before != null && commit.number() != before.number() + 1) {
                    throw new SnapshotUnreadable(file, "lacks the change " + (before.number() + 1));
                }
                return commit;
            } catch (JacksonException e) {
                throw new SnapshotUnreadable(file, "holds a commit that cannot be read");
            }
        }
    }
}
