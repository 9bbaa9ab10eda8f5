package org.sealpost.settings.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** Appends rows, and the commits that make them count, to a file of the snapshot. */
final class FrameWriter {

    private static final int ENOUGH = 256 * 1024;

    private final FileChannel channel;
    private final ByteArrayOutputStream rows = new ByteArrayOutputStream();

    /**
     * @param channel open for writing, at its end
     */
    FrameWriter(FileChannel channel) {
        this.channel = channel;
    }

    void header() throws IOException {
        write(ByteBuffer.wrap(Frames.HEADER));
    }

    void row(Row row) throws IOException {
        rows.writeBytes(row.line().getBytes(StandardCharsets.UTF_8));
        if (rows.size() >= ENOUGH) {
            flush();
        }
    }

    /** On return everything is on disk. */
    void commit(Commit commit) throws IOException {
        flush();
        write(Frames.encode(Frames.COMMIT, commit.encoded()));
        channel.force(true);
    }

    private void flush() throws IOException {
        if (rows.size() > 0) {
            write(Frames.encode(Frames.ROWS, rows.toByteArray()));
            rows.reset();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
