package org.sealpost.smtp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sealpost.smtp.ClientLine.Ended;
import org.sealpost.smtp.ClientLine.Text;
import org.sealpost.smtp.ClientLine.Unusable;

/**
 * What a client sends, on its way to the session loop. The loop is given one command line at a time
 * and never sees one it would answer itself: instead of those it reads {@link #REFUSED}, whose
 * command gives our answer. So every reply has an enhanced code, is counted and is in the
 * transcript. What follows a line stays here, for DATA and for the check of STARTTLS.
 */
final class ClientInput extends InputStream {

    /** The line that stands for one that must not run; no client can send it as a command. */
    static final String REFUSED = "*BAD";

    /** The library's reader ends the session at 998. */
    private static final int LONGEST_LINE = 990;

    private static final int LONGEST_SKIPPED = 64 * 1024;
    private static final int BLOCK = 4096;
    private static final byte[] NOTHING = {};

    private final InputStream wire;
    private final BooleanSupplier ending;
    private final Runnable waiting;
    private byte[] buffer = NOTHING;
    private int position;
    private int limit;
    private byte[] line = NOTHING;
    private int linePosition;
    private @Nullable Unusable unusable;
    private @Nullable ClientLine repeated;

    /**
     * @param ending whether the listener is being stopped
     * @param waiting told whenever another line is waited for
     */
    ClientInput(InputStream wire, BooleanSupplier ending, Runnable waiting) {
        this.wire = wire;
        this.ending = ending;
        this.waiting = waiting;
    }

    // ---- what the session loop reads: checked command lines ----

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (linePosition == line.length) {
            unusable = null;
            String text =
                    switch (nextLine()) {
                        case Ended() -> null;
                        case Text(String command) when Commands.knows(command) -> command;
                        case Text(String command) -> refuse(Unusable.unknown(command));
                        case Unusable why -> refuse(why);
                    };
            if (text == null) {
                return -1;
            }
            line = (text + "\r\n").getBytes(StandardCharsets.UTF_8);
            linePosition = 0;
        }
        int given = Math.min(length, line.length - linePosition);
        System.arraycopy(line, linePosition, into, offset, given);
        linePosition += given;
        return given;
    }

    private String refuse(Unusable why) {
        unusable = why;
        return REFUSED;
    }

    /** Why the line before {@link #REFUSED} must not run. */
    Unusable unusable() {
        return Objects.requireNonNull(unusable);
    }

    @Override
    public int available() {
        return line.length - linePosition; // so that the loop's buffer never asks for two lines
    }

    // ---- what our commands read ----

    /** Reads a line, without judging its command. */
    ClientLine nextLine() {
        ClientLine again = repeated;
        if (again != null) {
            repeated = null;
            return again;
        }
        var text = new ByteArrayOutputStream(80);
        int skipped = 0;
        boolean cr = false;
        waiting.run();
        try {
            while (true) {
                if (position == limit && !fill()) {
                    return new Ended();
                }
                byte octet = buffer[position++];
                if (cr != (octet == '\n')) {
                    return Unusable.BARE_LINE_END;
                }
                if (cr) {
                    return skipped > 0 ? Unusable.TOO_LONG : judge(text.toByteArray());
                }
                cr = octet == '\r';
                if (!cr && text.size() < LONGEST_LINE) {
                    text.write(octet);
                } else if (!cr && ++skipped > LONGEST_SKIPPED) {
                    return Unusable.ENDLESS;
                }
            }
        } catch (SocketTimeoutException silence) {
            return Unusable.TIMEOUT;
        } catch (IOException broken) {
            return new Ended();
        }
    }

    /** Gives a line back that is somebody else's: it is the next one once more. */
    void repeat(ClientLine again) {
        repeated = again;
    }

    private ClientLine judge(byte[] octets) {
        if (ending.getAsBoolean()) {
            return Unusable.SHUTTING_DOWN;
        }
        for (byte octet : octets) {
            if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 127) {
                return Unusable.CONTROL_CHARACTER;
            }
        }
        try {
            return new Text(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException e) {
            return Unusable.NO_UTF8;
        }
    }

    /** Whether the client has sent more than what was read. */
    boolean hasMore() throws IOException {
        return repeated != null || position < limit || wire.available() > 0;
    }

    /**
     * Reads at least one octet of a message.
     *
     * @throws EOFException when the client went away
     */
    int readBlock(byte[] into, int offset, int length) throws IOException {
        if (position == limit) {
            int read = wire.read(into, offset, length);
            if (read < 0) {
                throw new EOFException("the client went away within the message");
            }
            return read;
        }
        int given = Math.min(length, limit - position);
        System.arraycopy(buffer, position, into, offset, given);
        position += given;
        return given;
    }

    /** Gives back the end of the last block: it is the client's next command. */
    void unread(byte[] from, int offset, int length) {
        if (position >= length) {
            position -= length;
            System.arraycopy(from, offset, buffer, position, length);
            return;
        }
        byte[] joined = new byte[Math.max(BLOCK, length + limit - position)];
        System.arraycopy(from, offset, joined, 0, length);
        System.arraycopy(buffer, position, joined, length, limit - position);
        limit = length + limit - position;
        position = 0;
        buffer = joined;
    }

    private boolean fill() throws IOException {
        if (buffer.length != BLOCK) {
            buffer = new byte[BLOCK]; // an idle session must not keep a large one
        }
        position = 0;
        limit = Math.max(0, wire.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    /** Forgets what was read: nothing said in clear may run under TLS (RFC 3207 §4.2). */
    void forget() {
        position = limit;
        Arrays.fill(buffer, (byte) 0);
    }
}
