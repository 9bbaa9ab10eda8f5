package org.sealpost.settings.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files of the snapshot: a first line with the format's version, then frames of magic, kind,
 * length, CRC-32C of kind, length and payload, and payload. Rows count once a commit follows them.
 */
final class Frames {

    static final byte ROWS = 'R';
    static final byte COMMIT = 'C';
    static final byte[] HEADER = "SEALPOST CONFIGURATION 1\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] FAMILY =
            "SEALPOST CONFIGURATION ".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC = 0x53504331;
    private static final int PREFIX = 13;

    /** A row is far smaller; a length beyond is damage and must not become an allocation. */
    private static final int LONGEST = 256 * 1024 * 1024;

    private Frames() {}

    /** A frame that was read. */
    static final class Frame {

        private final byte kind;
        private final byte[] payload;
        private final long end;

        private Frame(byte kind, byte[] payload, long end) {
            this.kind = kind;
            this.payload = payload;
            this.end = end;
        }

        byte kind() {
            return kind;
        }

        byte[] payload() {
            return payload;
        }

        /** Where the next one begins. */
        long end() {
            return end;
        }
    }

    static ByteBuffer encode(byte kind, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(PREFIX + payload.length);
        frame.putInt(MAGIC).put(kind).putInt(payload.length).putInt(crc(kind, payload));
        return frame.put(payload).flip();
    }

    /** Makes sure that this version of Sealpost knows how to read the file. */
    static void requireHeader(Path file, FileChannel channel) throws IOException {
        byte[] found = bytes(channel, 0, HEADER.length);
        if (found != null && Arrays.equals(found, HEADER)) {
            return;
        }
        boolean family =
                found != null && Arrays.equals(Arrays.copyOf(found, FAMILY.length), FAMILY);
        throw new SnapshotUnreadable(
                file,
                family
                        ? "was written by a newer version of Sealpost"
                        : "does not begin like a configuration snapshot");
    }

    /** The whole and undamaged frame at a place, or null. */
    static @Nullable Frame at(FileChannel channel, long begin) throws IOException {
        byte[] prefix = bytes(channel, begin, PREFIX);
        if (prefix == null) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(prefix);
        int magic = fields.getInt();
        byte kind = fields.get();
        int length = fields.getInt();
        int crc = fields.getInt();
        long end = begin + PREFIX + length;
        if (magic != MAGIC || length < 0 || length > LONGEST || end > channel.size()) {
            return null;
        }
        byte[] payload = bytes(channel, begin + PREFIX, length);
        return payload != null && crc == crc(kind, payload) ? new Frame(kind, payload, end) : null;
    }

    /**
     * Whether a commit follows after a place where no frame can be read: then that place is damage,
     * and not the end of what a crash cut off.
     */
    static boolean commitFollows(FileChannel channel, long place) throws IOException {
        int window = 1 << 16;
        for (long begin = place; begin < channel.size(); begin += window) {
            int length = (int) Math.min(window + 3L, channel.size() - begin);
            byte[] bytes = bytes(channel, begin, length);
            for (int i = 0; bytes != null && i + 4 <= bytes.length; i++) {
                if (ByteBuffer.wrap(bytes, i, 4).getInt() == MAGIC) {
                    Frame frame = at(channel, begin + i);
                    if (frame != null && frame.kind == COMMIT) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static byte @Nullable [] bytes(FileChannel channel, long begin, int length)
            throws IOException {
        if (begin + length > channel.size()) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, begin + buffer.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return buffer.array();
    }

    private static int crc(byte kind, byte[] payload) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(5).put(kind).putInt(payload.length).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}
