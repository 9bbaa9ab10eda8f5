package org.sealpost.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder {@code sealpost.home}: database, spool, master key and audit copy. One process owns it
 * at a time, by an operating-system lock on the file {@code lock}.
 *
 * <p>A first start is one that finds none of these, or that finds the file {@code first-start}: an
 * earlier first start ended before it accepted any connection, so what it had begun is removed.
 */
public final class SealpostHome implements AutoCloseable {

    private static final String FIRST_START = "first-start";

    private final Path folder;
    private final FileChannel lock;
    private final boolean firstStart;

    private SealpostHome(Path folder, FileChannel lock, boolean firstStart) {
        this.folder = folder;
        this.lock = lock;
        this.firstStart = firstStart;
    }

    /**
     * Opens the folder, makes it (mode 0700) when it is missing, and locks it.
     *
     * @throws StartupRefused when it cannot be used or another process has it
     */
    public static SealpostHome open(Path path) {
        Path folder = path.toAbsolutePath().normalize();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new StartupRefused(
                    "The data folder " + folder + " is a file.",
                    "Set sealpost.home (SEALPOST_HOME) to a folder; it is made when it is missing.");
        }
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            FileChannel lock = lock(folder);
            boolean firstStart = beginFirstStart(folder);
            return new SealpostHome(folder, lock, firstStart);
        } catch (IOException e) {
            throw new StartupRefused(
                    "The data folder " + folder + " cannot be used: " + e + ".",
                    "Make it writable for the user that runs Sealpost, or set sealpost.home"
                            + " (SEALPOST_HOME) to another folder.",
                    e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        var channel =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // the same refusal as for another process
        }
        channel.close();
        throw new StartupRefused(
                "The data folder " + folder + " is in use by another Sealpost.",
                "Stop the other process, or give this one its own sealpost.home.");
    }

    private static boolean beginFirstStart(Path folder) throws IOException {
        Path mark = folder.resolve(FIRST_START);
        if (Files.exists(mark)) {
            if (holdsFiles(folder.resolve("spool"), ".msg")) {
                throw new StartupRefused(
                        "The data folder "
                                + folder
                                + " holds mail but its first start never ended.",
                        "Restore the folder db from your backup and remove the file " + mark + ".");
            }
            for (String begun : new String[] {"db", "config", "master.key", "audit", "spool"}) {
                deleteRecursively(folder.resolve(begun));
            }
            return true;
        }
        boolean untouched =
                !holdsFiles(folder.resolve("db"), "")
                        && !holdsFiles(folder.resolve("config"), "")
                        && !Files.exists(folder.resolve("master.key"))
                        && !holdsFiles(folder.resolve("spool"), "");
        if (untouched) {
            Files.createFile(mark);
        }
        return untouched;
    }

    private static boolean holdsFiles(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .anyMatch(file -> file.toString().endsWith(ending));
        }
    }

    private static void deleteRecursively(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    public Path folder() {
        return folder;
    }

    /** A file or folder inside the home. */
    public Path resolve(String name) {
        return folder.resolve(name);
    }

    /** Whether this process fills the configuration from {@code sealpost.bootstrap.*}. */
    public boolean isFirstStart() {
        return firstStart;
    }

    /** Called when all listeners are bound: from now on the database owns the configuration. */
    public void firstStartCompleted() {
        try {
            Files.deleteIfExists(folder.resolve(FIRST_START));
        } catch (IOException e) {
            throw new StartupRefused(
                    "The file " + folder.resolve(FIRST_START) + " cannot be removed: " + e + ".",
                    "Make the data folder writable for the user that runs Sealpost.",
                    e);
        }
    }

    /** Gives the folder up when a start ends before anything could be done with it. */
    void release() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
