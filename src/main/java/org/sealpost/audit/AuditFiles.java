package org.sealpost.audit;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
 * The copy of the audit trail: a file a month, a line of JSON an entry, only ever appended to and
 * forced to disk. A line that a crash cut off is ended, kept and passed over.
 */
final class AuditFiles {

    private static final Logger LOG = LoggerFactory.getLogger(AuditFiles.class);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("uuuu-MM").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON =
            JsonMapper.builder().build(); // one line, whatever is set

    private static final int BUFFER = 64 * 1024;

    private final Path folder;

    AuditFiles(Path folder) {
        this.folder = folder;
    }

    /** Returns when the entries are on disk; when it fails, nothing readable was added. */
    synchronized void append(List<Entry> entries) throws IOException {
        var months = new TreeMap<String, List<Entry>>();
        for (Entry entry : entries) {
            months.computeIfAbsent(MONTH.format(entry.at()), month -> new ArrayList<>()).add(entry);
        }
        for (var month : months.entrySet()) {
            append(folder.resolve(month.getKey() + ".jsonl"), month.getValue());
        }
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
            boolean cutOff = endsWithinALine(channel, end);
            try {
                channel.position(end);
                // Not closed: the channel still has to be forced, or cut back.
                var lines = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
                if (cutOff) {
                    lines.write('\n');
                }
                for (Entry entry : entries) {
                    lines.write(JSON.writeValueAsBytes(entry));
                    lines.write('\n');
                }
                lines.flush();
                channel.force(true);
            } catch (IOException e) {
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
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        } catch (NoSuchFileException noneYet) {
            return;
        }
        for (Path file : files) {
            int unreadable = 0;
            // Bytes that are no UTF-8 spoil their line, not the whole file.
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    Files.newInputStream(file), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Entry entry = line.isBlank() ? null : parse(line);
                    if (entry != null) {
                        reader.accept(entry);
                    } else if (!line.isBlank()) {
                        unreadable++;
                    }
                }
            }
            if (unreadable > 0) {
                LOG.warn("{} lines of the audit file {} cannot be read", unreadable, file);
            }
        }
    }

    private static @Nullable Entry parse(String line) {
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
