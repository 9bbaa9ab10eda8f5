package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import org.sealpost.mail.QueueId;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Bodies in rows of at most 256 KB, so that no more than one part of one is in memory. Reading
 * takes a connection for each part only, however slow the reader is.
 */
final class BodyRows {

    /** The table refuses longer ones. */
    static final int PART = 256 * 1024;

    private final JdbcTemplate jdbc;

    BodyRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void insert(String id, InputStream body) throws IOException {
        int number = 0;
        for (byte[] part = body.readNBytes(PART); part.length > 0; part = body.readNBytes(PART)) {
            jdbc.update(
                    "insert into queue_body (message_id, part, bytes) values (?, ?, ?)",
                    id,
                    number++,
                    part);
        }
    }

    InputStream open(QueueId id) {
        return new Parts(id.text());
    }

    private final class Parts extends InputStream {
        private final String id;
        private byte[] part = new byte[0];
        private int position;
        private int next;

        Parts(String id) {
            this.id = id;
        }

        @Override
        public int read() throws IOException {
            return hasMore() ? part[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!hasMore()) {
                return -1;
            }
            int count = Math.min(length, part.length - position);
            System.arraycopy(part, position, buffer, offset, count);
            position += count;
            return count;
        }

        private boolean hasMore() throws IOException {
            if (position == part.length) {
                part = fetch(next++);
                position = 0;
            }
            return part.length > 0;
        }

        private byte[] fetch(int number) throws IOException {
            try {
                return jdbc
                        .query(
                                "select bytes from queue_body where message_id = ? and part = ?",
                                (row, line) -> row.getBytes(1),
                                id,
                                number)
                        .stream()
                        .findFirst()
                        .orElseGet(() -> new byte[0]);
            } catch (DataAccessException e) {
                throw new IOException("the body of message " + id + " cannot be read", e);
            }
        }
    }
}
