package org.sealpost.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.SmtpReply;

/**
 * The message behind DATA, dots unstuffed, in blocks (RFC 5321 §4.5.2). Only CRLF.CRLF ends it; a
 * bare CR or LF makes it refused, since servers disagree on what that means and mail is smuggled in
 * the gap. {@link #drain} always reads to the real end, so that no rest is taken for commands.
 */
final class MessageReader extends InputStream {

    /** The message must not be accepted; its reply tells the client why. */
    static final class Refused extends IOException {
        @Serial private static final long serialVersionUID = 1;
        private final transient SmtpReply reply;

        Refused(SmtpReply reply) {
            super(reply.toString());
            this.reply = reply;
        }

        SmtpReply reply() {
            return reply;
        }
    }

    private enum State {
        LINE_START,
        LINE,
        CR,
        DOT,
        DOT_CR,
        END
    }

    private final InputStream in;
    private final long mostOctets;
    private final int mostReceived;
    private State state = State.LINE_START;
    private long octets;
    private boolean inHeader = true;
    private final StringBuilder headerLine = new StringBuilder();
    private int receivedHeaders;
    private @Nullable SmtpReply refusal;

    /**
     * @param in buffered; what follows the message stays in it
     */
    MessageReader(InputStream in, long mostOctets, int mostReceived) {
        this.in = in;
        this.mostOctets = mostOctets;
        this.mostReceived = mostReceived;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int read;
        do {
            read = read(one, 0, 1);
        } while (read == 0);
        return read < 0 ? -1 : one[0] & 0xff;
    }

    /** Fills at most {@code length} octets; a refused message throws once its end was read. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int filled = 0;
        // A "." or a lone CR at the wrong place can put two octets out at once.
        while (state != State.END && filled < length) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the client went away within the message");
            }
            filled += take((byte) next, buffer, offset + filled);
            if (in.available() == 0 && filled > 0) {
                break;
            }
        }
        if (filled > 0 && refusal == null) {
            octets += filled;
            if (octets > mostOctets) {
                refuse(552, "5.3.4", "Error: message size exceeds the limit");
            }
        }
        if (state == State.END && refusal != null) {
            throw new Refused(refusal);
        }
        return refusal != null && state != State.END ? readRest() : filled == 0 ? -1 : filled;
    }

    private int readRest() throws IOException {
        drain();
        throw new Refused(Objects.requireNonNull(refusal));
    }

    /** Reads to the end of the message and forgets it. */
    void drain() throws IOException {
        byte[] waste = new byte[2];
        while (state != State.END) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the client went away within the message");
            }
            take((byte) next, waste, 0);
        }
    }

    private int take(byte octet, byte[] out, int at) {
        switch (state) {
            case LINE_START -> {
                if (octet == '.') {
                    state = State.DOT;
                    return 0;
                }
                return text(octet, out, at);
            }
            case DOT -> {
                if (octet == '\r') {
                    state = State.DOT_CR;
                    return 0;
                }
                return text(octet, out, at); // the stuffed dot is gone
            }
            case DOT_CR -> {
                if (octet == '\n') {
                    state = State.END;
                    return 0;
                }
                bare();
                return text(octet, out, at);
            }
            case CR -> {
                if (octet == '\n') {
                    state = State.LINE_START;
                    endOfLine();
                    out[at] = octet;
                    return 1;
                }
                bare();
                return text(octet, out, at);
            }
            case LINE -> {
                return text(octet, out, at);
            }
            case END -> throw new IllegalStateException("read beyond the end");
        }
        throw new IllegalStateException();
    }

    private int text(byte octet, byte[] out, int at) {
        if (octet == '\n') {
            bare();
        }
        state = octet == '\r' ? State.CR : State.LINE;
        if (inHeader && state == State.LINE && headerLine.length() < 16) {
            headerLine.append((char) (octet & 0xff));
        }
        out[at] = octet;
        return 1;
    }

    private void endOfLine() {
        if (!inHeader) {
            return;
        }
        if (headerLine.isEmpty()) {
            inHeader = false;
        } else if (headerLine.toString().regionMatches(true, 0, "Received:", 0, 9)
                && ++receivedHeaders > mostReceived) {
            refuse(554, "5.4.6", "Error: too many hops");
        }
        headerLine.setLength(0);
    }

    private void bare() {
        refuse(550, "5.6.11", "Error: bare CR or LF in the message");
    }

    private void refuse(int code, String status, String text) {
        if (refusal == null) {
            refusal = SmtpReply.of(code, status, text);
        }
    }
}
