package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sealpost.mail.QueueId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder with accepted mail: one file a message, spread over 32 folders by the id's last
 * letter. A file appears under its name only when it is complete and on disk.
 */
final class Spool {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String ENDING = ".msg";

    private final Path folder;
    private final SpoolFile files;
    private final FolderForce forces;

    /** Files whose last force failed. */
    private final Set<QueueId> doubtful = ConcurrentHashMap.newKeySet();

    Spool(Path folder, JsonMapper json) {
        this(folder, new SpoolFile(json));
    }

    Spool(Path folder, SpoolFile files) {
        this(folder, files, new FolderForce());
    }

    Spool(Path folder, SpoolFile files, FolderForce forces) {
        this.folder = folder;
        this.files = files;
        this.forces = forces;
    }

    /** Makes the folders and removes what was being written when the process ended. */
    void open() throws IOException {
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(folder.resolve("damaged"), ownerOnly);
        Files.createDirectories(folder.resolve("tmp"), ownerOnly);
        for (int i = 0; i < 32; i++) {
            Files.createDirectories(
                    folder.resolve(Integer.toString(i, 32).toUpperCase(Locale.ROOT)), ownerOnly);
        }
        forces.force(folder);
        try (Stream<Path> unfinished = Files.list(folder.resolve("tmp"))) {
            for (Path file : unfinished.toList()) {
                Files.delete(file);
            }
        }
    }

    Path folder() {
        return folder;
    }

    /**
     * Stores a message; on return file and name are on disk.
     *
     * @return the body's octets
     */
    long store(QueueId id, StoredEnvelope envelope, InputStream body) throws IOException {
        Path unfinished = folder.resolve("tmp").resolve(id.text());
        Path target = path(id);
        try {
            long size = files.write(unfinished, envelope, body);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            forces.force(parent(id));
            return size;
        } catch (IOException | RuntimeException e) {
            // A force that failed is never tried again on the same file: the kernel may have
            // dropped
            // the pages and would answer "ok" the second time.
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(target);
            throw e;
        }
    }

    StoredMessage read(QueueId id) throws IOException {
        return files.read(path(id));
    }

    /** Reads envelope and records and makes sure the body is undamaged. */
    StoredMessage verify(QueueId id) throws IOException {
        files.verifyBody(path(id));
        return files.read(path(id));
    }

    InputStream body(QueueId id) throws IOException {
        return files.body(path(id));
    }

    /**
     * Appends a record; on return it is on disk. A file whose force failed is not forced again, for
     * the kernel may have dropped its pages: the next record goes into a copy of it.
     */
    void append(QueueId id, SpoolRecord record) throws IOException {
        if (doubtful.contains(id)) {
            replace(id, record);
            return;
        }
        try {
            files.append(path(id), record);
        } catch (IOException e) {
            doubtful.add(id);
            throw e;
        }
    }

    private void replace(QueueId id, SpoolRecord record) throws IOException {
        Path copy = folder.resolve("tmp").resolve(id.text());
        try {
            files.copy(path(id), copy, record);
            Files.move(
                    copy,
                    path(id),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            forces.force(parent(id));
            doubtful.remove(id);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    boolean holds(QueueId id) {
        return Files.exists(path(id));
    }

    /** Removes a message; {@link #forceRemoval} makes that durable. */
    void remove(QueueId id) throws IOException {
        Files.deleteIfExists(path(id));
        doubtful.remove(id);
    }

    void forceRemoval(QueueId id) throws IOException {
        forces.force(parent(id));
    }

    /** Puts a damaged file aside: it is neither delivered nor deleted. */
    void setAside(QueueId id, String reason) throws IOException {
        Path aside = folder.resolve("damaged").resolve(id + ENDING);
        Files.move(path(id), aside, StandardCopyOption.ATOMIC_MOVE);
        LOG.error(
                "the spool file of message {} is damaged ({}); it was moved to {} and is neither"
                        + " delivered nor deleted",
                id,
                reason,
                aside);
    }

    /** Calls {@code visitor} with the id of every stored message. */
    void visit(Consumer<QueueId> visitor) throws IOException {
        try (Stream<Path> fans = Files.list(folder)) {
            for (Path fan :
                    fans.filter(path -> path.getFileName().toString().length() == 1).toList()) {
                try (Stream<Path> messages = Files.list(fan)) {
                    List<Path> found = messages.sorted().toList();
                    found.stream()
                            .map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(ENDING))
                            .map(name -> name.substring(0, name.length() - ENDING.length()))
                            .flatMap(name -> QueueId.parse(name).stream())
                            .forEach(visitor);
                }
            }
        }
    }

    private Path path(QueueId id) {
        return parent(id).resolve(id + ENDING);
    }

    private Path parent(QueueId id) {
        return folder.resolve(id.text().substring(id.text().length() - 1));
    }
}
