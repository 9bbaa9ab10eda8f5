package org.sealpost.queue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that was read to its end before anything is done with it, so that a slow client keeps no
 * connection to the database: a short one in memory, a longer one in a file of our own until this
 * is closed.
 */
final class HeldBody implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeldBody.class);

    private static final int IN_MEMORY = 64 * 1024;

    private final byte[] bytes;
    private final @Nullable Path file;
    private final long length;

    private HeldBody(byte[] bytes, @Nullable Path file, long length) {
        this.bytes = bytes;
        this.file = file;
        this.length = length;
    }

    /** Reads the body; {@code file} must not exist, and is written only for a long one. */
    static HeldBody read(InputStream body, Path file) throws IOException {
        byte[] start = body.readNBytes(IN_MEMORY);
        if (start.length < IN_MEMORY) {
            return new HeldBody(start, null, start.length);
        }
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (OutputStream out =
                Channels.newOutputStream(
                        Files.newByteChannel(
                                file,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                ownerOnly))) {
            out.write(start);
            long length = start.length + body.transferTo(out);
            return new HeldBody(new byte[0], file, length);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Octets. */
    long length() {
        return length;
    }

    InputStream open() throws IOException {
        return file == null ? new ByteArrayInputStream(bytes) : Files.newInputStream(file);
    }

    /**
     * What cannot be removed now is removed at the next start; the message is stored all the same.
     */
    @Override
    public void close() {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("the file {} cannot be removed now", file, e);
            }
        }
    }
}
