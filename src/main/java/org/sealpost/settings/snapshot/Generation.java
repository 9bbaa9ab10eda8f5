package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A base file with the log of the changes since. The newest one whose base has its name counts,
 * also when it cannot be read: an older one would bring back an older configuration.
 */
record Generation(Path folder, int number) {

    private static final String BASE = ".base";
    private static final String LOG = ".changes";

    static Optional<Generation> newest(Path folder) throws IOException {
        return all(folder).stream().max(Comparator.comparingInt(Generation::number));
    }

    private static List<Generation> all(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{6}\\" + BASE))
                    .map(name -> new Generation(folder, Integer.parseInt(name.substring(0, 6))))
                    .toList();
        }
    }

    Generation next() {
        return new Generation(folder, number + 1);
    }

    Path base() {
        return folder.resolve("%06d".formatted(number) + BASE);
    }

    Path log() {
        return folder.resolve("%06d".formatted(number) + LOG);
    }

    Path unfinishedBase() {
        return folder.resolve("%06d".formatted(number) + BASE + ".tmp");
    }

    /** Makes or empties a file that only its owner may read. */
    static FileChannel create(Path file) throws IOException {
        Files.createDirectories(file.resolveSibling("."), ownerOnly("rwx------"));
        Files.deleteIfExists(file);
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                ownerOnly("rw-------"));
    }

    /** Removes every other generation and what was never finished. */
    void removeOthers() throws IOException {
        Set<Path> mine = Set.of(base(), log());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Generation::isOurs).toList()) {
                if (!mine.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean isOurs(Path file) {
        return file.getFileName().toString().matches("\\d{6}\\.(base|changes|base\\.tmp)");
    }

    /** Makes the names durable, too. */
    void forceFolder() throws IOException {
        for (Path named : List.of(folder, folder.resolveSibling("."))) {
            try (var channel = FileChannel.open(named, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?> ownerOnly(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }
}
