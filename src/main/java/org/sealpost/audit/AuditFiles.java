package org.sealpost.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditTrail.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The copy of the audit trail: a file a month, a line of JSON an entry, only ever appended to, each
 * tied to those before it by {@link AuditChain}, and forced to disk. A line that a crash cut off is
 * ended, kept and passed over.
 */
final class AuditFiles {

    private static final Logger LOG = LoggerFactory.getLogger(AuditFiles.class);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("uuuu-MM").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON =
            JsonMapper.builder().build(); // one line, whatever is set

    private static final String SUFFIX = ".jsonl";
    private static final int BUFFER = 64 * 1024;

    private final Path folder;

    /** The last link on disk; null when the files have to be asked. */
    private @Nullable String head;

    AuditFiles(Path folder) {
        this.folder = folder;
    }

    /** A line as it stands in a file, counted from 1. */
    interface LineReader {
        void read(Path file, int number, String line);
    }

    /** Returns when the entries are on disk; when it fails, nothing readable was added. */
    synchronized void append(List<Entry> entries) throws IOException {
        if (head == null) {
            head = lastLink();
        }
        String newest = files().isEmpty() ? "" : files().getLast().getFileName().toString();
        var months = new TreeMap<String, List<Entry>>();
        for (Entry entry : entries) {
            String name = MONTH.format(entry.at()) + SUFFIX;
            // What is written late stands in the order it was written in, which the chain has too.
            months.computeIfAbsent(
                            name.compareTo(newest) < 0 ? newest : name, month -> new ArrayList<>())
                    .add(entry);
        }
        for (var month : months.entrySet()) {
            append(folder.resolve(month.getKey()), month.getValue());
        }
    }

    private String lastLink() throws IOException {
        String[] last = {AuditChain.START};
        forEachLine((file, number, line) -> {
            String link = AuditChain.Line.parse(line).link();
            if (link != null && parse(line) != null) {
                last[0] = link;
            }
        });
        return last[0];
    }

    private void append(Path file, List<Entry> entries) throws IOException {
        Files.createDirectories(folder, ownerOnly("rwx------"));
        boolean added = Files.notExists(file);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        ownerOnly("rw-------"))) {
            long end = channel.size();
            String link = String.valueOf(head);
            boolean cutOff = endsWithinALine(channel, end);
            try {
                channel.position(end);
                // Not closed: the channel still has to be forced, or cut back.
                var lines = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
                if (cutOff) {
                    lines.write('\n');
                }
                for (Entry entry : entries) {
                    String text = text(entry);
                    link = AuditChain.next(link, text);
                    lines.write(AuditChain.line(text, link).getBytes(StandardCharsets.UTF_8));
                    lines.write('\n');
                }
                lines.flush();
                channel.force(true);
                head = link;
            } catch (IOException e) {
                head = null;
                takeBack(channel, end);
                throw e;
            }
        }
        if (added) {
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** What was only half written is not an entry. */
    private static void takeBack(FileChannel channel, long end) {
        try {
            channel.truncate(end);
        } catch (IOException stillBroken) {
            LOG.warn("a cut-off line stays in the audit file: {}", stillBroken.getMessage());
        }
    }

    private static boolean endsWithinALine(FileChannel channel, long end) throws IOException {
        var last = ByteBuffer.allocate(1);
        return end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
    }

    private static FileAttribute<?> ownerOnly(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }

    /** Reads every entry of every file, oldest file first. */
    synchronized void forEach(Consumer<Entry> reader) throws IOException {
        int[] unreadable = {0};
        forEachLine((file, number, line) -> {
            Entry entry = parse(line);
            if (entry != null) {
                reader.accept(entry);
            } else {
                unreadable[0]++;
            }
        });
        if (unreadable[0] > 0) {
            LOG.warn("{} lines of the audit files in {} cannot be read", unreadable[0], folder);
        }
    }

    /** Reads every line that holds something. */
    synchronized void forEachLine(LineReader reader) throws IOException {
        for (Path file : files()) {
            // Bytes that are no UTF-8 spoil their line, not the whole file.
            try (var lines =
                    new LineNumberReader(
                            new InputStreamReader(
                                    Files.newInputStream(file), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank()) {
                        reader.read(file, lines.getLineNumber(), line);
                    }
                }
            }
        }
    }

    /**
     * Deletes the files of months that were over at that time.
     *
     * @return how many
     */
    synchronized int deleteBefore(Instant oldest) throws IOException {
        String kept = MONTH.format(oldest) + SUFFIX;
        int deleted = 0;
        for (Path file : files()) {
            if (file.getFileName().toString().compareTo(kept) < 0) {
                Files.delete(file);
                deleted++;
            }
        }
        return deleted;
    }

    /** Oldest first. */
    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        } catch (NoSuchFileException noneYet) {
            return List.of();
        }
    }

    /** An entry as its line without the link. */
    static String text(Entry entry) {
        return JSON.writeValueAsString(entry);
    }

    /** The entry of a line; null when it holds none. */
    static @Nullable Entry parse(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            return new Entry(
                    json.required("id").longValue(),
                    Instant.parse(json.required("at").stringValue()),
                    json.required("actor").stringValue(),
                    text(json, "address"),
                    json.required("action").stringValue(),
                    json.required("object").stringValue(),
                    raw(json, "before"),
                    raw(json, "after"));
        } catch (JacksonException | DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isString() ? value.stringValue() : null;
    }

    private static @Nullable String raw(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.toString();
    }
}
