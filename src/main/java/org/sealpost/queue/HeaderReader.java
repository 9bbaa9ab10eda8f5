package org.sealpost.queue;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Passes a message on unaltered and remembers the beginning of its header. */
final class HeaderReader extends FilterInputStream {

    private static final int MOST_OCTETS = 32_768;
    private static final int MOST_ID = 900;
    private static final Pattern MESSAGE_ID =
            Pattern.compile(
                    "^message-id:(?:[ \\t]|\\r\\n[ \\t])*<?([^<>\\s]+)>?",
                    Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final ByteArrayOutputStream header = new ByteArrayOutputStream(1_024);
    private int ending;
    private boolean over;

    HeaderReader(InputStream message) {
        super(message);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        for (int i = offset; i < offset + read && !over; i++) {
            byte octet = buffer[i];
            header.write(octet);
            ending = octet == '\n' ? ending + 1 : octet == '\r' ? ending : 0;
            over = ending == 2 || header.size() == MOST_OCTETS;
        }
        return read;
    }

    /** What identifies the message for its sender, without brackets; null when nothing does. */
    @Nullable String messageId() {
        Matcher found = MESSAGE_ID.matcher(header.toString(StandardCharsets.UTF_8));
        if (!found.find()) {
            return null;
        }
        String id = found.group(1);
        return id.length() > MOST_ID ? id.substring(0, MOST_ID) : id;
    }
}
