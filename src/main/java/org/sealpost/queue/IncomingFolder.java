package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.sealpost.settings.StartupRefused;

/** The folder in which long bodies wait until they are whole; what is in it is no mail yet. */
final class IncomingFolder {

    private final Path folder;
    private final long reservedBytes;

    IncomingFolder(Path folder, long reservedBytes) {
        this.folder = folder;
        this.reservedBytes = reservedBytes;
    }

    /** Makes the folder, and removes what was being received when the process ended. */
    void open() {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            try (Stream<Path> unfinished = Files.list(folder)) {
                for (Path file : unfinished.toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new StartupRefused(
                    "The folder "
                            + folder
                            + " for messages on their way in cannot be used: "
                            + e
                            + ".",
                    "Make it readable and writable for the user that runs Sealpost.",
                    e);
        }
    }

    boolean hasRoomFor(long size) {
        // 0 when it cannot be read, and then mail is refused.
        return folder.toFile().getUsableSpace() - size >= reservedBytes;
    }

    /** Reads a body to its end. */
    HeldBody hold(String id, InputStream body) throws IOException {
        return HeldBody.read(body, folder.resolve(id));
    }
}
