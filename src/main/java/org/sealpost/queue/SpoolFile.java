package org.sealpost.queue;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The format of a spool file: a header of 32 bytes (magic, version, lengths, CRC-32C of envelope,
 * body and header), the envelope as JSON, the body byte for byte, then records, each with length
 * and CRC-32C. A torn last record is a crash while it was written and counts as absent; anything
 * else that does not fit is damage.
 */
final class SpoolFile {

    private static final int MAGIC = 0x5345414c; // "SEAL"
    private static final int VERSION = 1;
    private static final int HEADER = 32;
    private static final int RECORD_HEADER = 8;
    private static final int BUFFER = 64 * 1024;
    private static final int MOST_ENVELOPE = 16 * 1024 * 1024;

    private final JsonMapper json;
    private final Force force;

    SpoolFile(JsonMapper json) {
        this(json, FileChannel::force);
    }

    SpoolFile(JsonMapper json, Force force) {
        this.json = json;
        this.force = force;
    }

    /** Makes what was written durable, as {@link FileChannel#force} does. */
    @FunctionalInterface
    interface Force {
        void force(FileChannel channel, boolean metadata) throws IOException;
    }

    /**
     * Writes a new file and forces it.
     *
     * @return the body's length in octets
     */
    long write(Path file, StoredEnvelope envelope, InputStream body) throws IOException {
        byte[] envelopeBytes = json.writeValueAsBytes(envelope);
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        ownerOnly)) {
            channel.position(HEADER);
            writeFully(channel, ByteBuffer.wrap(envelopeBytes));
            var crc = new CRC32C();
            byte[] buffer = new byte[BUFFER];
            long length = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                crc.update(buffer, 0, read);
                writeFully(channel, ByteBuffer.wrap(buffer, 0, read));
                length += read;
            }
            channel.position(0);
            writeFully(channel, header(envelopeBytes, length, (int) crc.getValue()));
            force.force(channel, true);
            return length;
        }
    }

    /**
     * Appends a record and forces it. When that fails the record is taken back, and the file must
     * not be forced again: see {@link #copy}.
     */
    void append(Path file, SpoolRecord record) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = endOfRecords(channel);
            channel.truncate(end); // what a full disk left of an earlier record
            channel.position(end);
            try {
                writeFully(channel, bytes(record));
                force.force(channel, false);
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        }
    }

    /** Writes the file anew with one more record, and forces it. */
    void copy(Path file, Path copy, SpoolRecord record) throws IOException {
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var from = FileChannel.open(file, StandardOpenOption.READ);
                var to =
                        FileChannel.open(
                                copy,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                ownerOnly)) {
            long end = endOfRecords(from);
            for (long done = 0; done < end; ) {
                long moved = from.transferTo(done, end - done, to);
                if (moved <= 0) {
                    throw new EOFException("the disk takes no more bytes");
                }
                done += moved;
            }
            writeFully(to, bytes(record));
            force.force(to, true);
        }
    }

    private ByteBuffer bytes(SpoolRecord record) {
        byte[] payload = json.writeValueAsBytes(record);
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_HEADER + payload.length);
        return bytes.putInt(payload.length).putInt(crc(payload)).put(payload).flip();
    }

    /** Reads envelope and records; the body is only measured. */
    StoredMessage read(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = header(channel);
            var records = new ArrayList<SpoolRecord>();
            scanRecords(channel, header.end(), records);
            return new StoredMessage(envelope(channel, header), header.bodyLength(), records);
        }
    }

    /**
     * Reads the whole body and compares its checksum.
     *
     * @throws DamagedMessage when it differs
     */
    void verifyBody(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = header(channel);
            var crc = new CRC32C();
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            long left = header.bodyLength();
            channel.position(header.bodyStart());
            while (left > 0) {
                buffer.clear().limit((int) Math.min(BUFFER, left));
                int read = channel.read(buffer);
                if (read < 0) {
                    throw new DamagedMessage("the body is cut off");
                }
                crc.update(buffer.flip());
                left -= read;
            }
            if ((int) crc.getValue() != header.bodyCrc()) {
                throw new DamagedMessage("the body's checksum differs");
            }
        }
    }

    /** The body's bytes. */
    InputStream body(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = header(channel);
            in.skipNBytes(header.bodyStart());
            return new BoundedStream(in, header.bodyLength());
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private record Header(int envelopeLength, long bodyLength, int envelopeCrc, int bodyCrc) {

        long bodyStart() {
            return (long) HEADER + envelopeLength;
        }

        long end() {
            return bodyStart() + bodyLength;
        }
    }

    private static ByteBuffer header(byte[] envelope, long bodyLength, int bodyCrc) {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putInt(MAGIC)
                .putInt(VERSION)
                .putInt(envelope.length)
                .putLong(bodyLength)
                .putInt(crc(envelope))
                .putInt(bodyCrc);
        var crc = new CRC32C();
        crc.update(header.array(), 0, HEADER - Integer.BYTES);
        return header.putInt((int) crc.getValue()).flip();
    }

    private static Header header(FileChannel channel) throws IOException {
        ByteBuffer bytes = readFully(channel, 0, HEADER);
        var crc = new CRC32C();
        crc.update(bytes.slice(0, HEADER - Integer.BYTES));
        if (bytes.getInt(HEADER - Integer.BYTES) != (int) crc.getValue()
                || bytes.getInt() != MAGIC) {
            throw new DamagedMessage("the header is not one of ours, or its checksum differs");
        }
        int version = bytes.getInt();
        if (version != VERSION) {
            throw new DamagedMessage("the format version " + version + " is unknown");
        }
        var header = new Header(bytes.getInt(), bytes.getLong(), bytes.getInt(), bytes.getInt());
        if (header.envelopeLength < 2
                || header.envelopeLength > MOST_ENVELOPE
                || header.bodyLength < 0
                || header.end() > channel.size()) {
            throw new DamagedMessage("the file is shorter than its header says");
        }
        return header;
    }

    private StoredEnvelope envelope(FileChannel channel, Header header) throws IOException {
        byte[] bytes = readFully(channel, HEADER, header.envelopeLength).array();
        if (crc(bytes) != header.envelopeCrc) {
            throw new DamagedMessage("the envelope's checksum differs");
        }
        try {
            return json.readValue(bytes, StoredEnvelope.class);
        } catch (JacksonException e) {
            throw new DamagedMessage("the envelope cannot be read: " + e.getOriginalMessage());
        }
    }

    private long endOfRecords(FileChannel channel) throws IOException {
        return scanRecords(channel, header(channel).end(), new ArrayList<>());
    }

    /**
     * Collects the records.
     *
     * @return where the next record goes: behind the last whole one
     */
    private long scanRecords(FileChannel channel, long start, List<SpoolRecord> records)
            throws IOException {
        long position = start;
        while (position + RECORD_HEADER <= channel.size()) {
            ByteBuffer header = readFully(channel, position, RECORD_HEADER);
            int length = header.getInt();
            int crc = header.getInt();
            long next = position + RECORD_HEADER + length;
            boolean isLast = next >= channel.size();
            if (length <= 0 || next > channel.size()) {
                return position; // torn while it was written: nobody relied on it yet
            }
            byte[] payload = readFully(channel, position + RECORD_HEADER, length).array();
            if (crc(payload) != crc) {
                if (isLast) {
                    return position;
                }
                throw new DamagedMessage("a record's checksum differs");
            }
            records.add(json.readValue(payload, SpoolRecord.class));
            position = next;
        }
        return position;
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int length)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new DamagedMessage("the file is cut off");
            }
        }
        return bytes.flip();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                throw new EOFException("the disk takes no more bytes");
            }
        }
    }

    /** Ends after a number of bytes, and fails when there are fewer. */
    private static final class BoundedStream extends FilterInputStream {
        private long left;

        BoundedStream(InputStream in, long length) {
            super(in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new DamagedMessage("the body is cut off");
            }
            left -= read;
            return read;
        }

        @Override
        public long skip(long wanted) throws IOException {
            return 0; // nobody skips a body
        }

        @Override
        public int available() {
            return 0;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
