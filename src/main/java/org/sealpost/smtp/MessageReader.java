package org.sealpost.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
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

    /** What was read last. */
    private enum State {
        LINE_START,
        LINE,
        CR,
        DOT,
        DOT_CR,
        END
    }

    private final ClientInput in;
    private final long mostOctets;
    private final HeaderCheck header;
    private State state = State.LINE_START;
    private long octets;
    private @Nullable SmtpReply refusal;
    private @Nullable IOException broken;

    /**
     * @param in what follows the message stays in it
     */
    MessageReader(ClientInput in, long mostOctets, int mostReceived) {
        this.in = in;
        this.mostOctets = mostOctets;
        this.header = new HeaderCheck(mostReceived);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Reads a block; once a message is refused, reads to its end and throws. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int kept = 0;
        while (kept == 0 && length > 0 && state != State.END && refusal == null) {
            kept = nextBlock(buffer, offset, length);
        }
        if (refusal != null) {
            drain();
            throw new Refused(refusal);
        }
        return kept == 0 && length > 0 ? -1 : kept;
    }

    /** Reads to the end of the message and forgets it. */
    void drain() throws IOException {
        byte[] waste = new byte[state == State.END ? 0 : 8192];
        while (state != State.END) {
            nextBlock(waste, 0, waste.length);
        }
    }

    /** Why the client can send no more; null while it can. */
    @Nullable IOException broken() {
        return broken;
    }

    private int nextBlock(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = in.readBlock(buffer, offset, length);
        } catch (IOException e) {
            broken = e;
            throw e;
        }
        int kept = unstuff(buffer, offset, offset + read) - offset;
        octets += kept;
        if (octets > mostOctets) {
            refuse(552, "5.3.4", "Error: message size exceeds the limit");
        }
        return kept;
    }

    /**
     * Takes stuffed dots and the end mark out of a block, in place; returns where the rest ends.
     */
    private int unstuff(byte[] block, int from, int to) {
        int out = from;
        int at = from;
        while (at < to && state != State.END) {
            if (state == State.LINE) {
                int end = endOfText(block, at, to);
                header.text(block, at, end);
                if (out != at) {
                    System.arraycopy(block, at, block, out, end - at);
                }
                out += end - at;
                at = end;
                if (at == to) {
                    break;
                }
            }
            byte octet = block[at++];
            if (keeps(octet)) {
                block[out++] = octet;
            }
        }
        if (at < to) {
            in.unread(block, at, to - at);
        }
        return out;
    }

    private int endOfText(byte[] block, int from, int to) {
        int at = from;
        while (at < to && block[at] != '\r' && block[at] != '\n' && block[at] != 0) {
            at++;
        }
        return at;
    }

    /** Takes one octet that may change the state; returns whether it belongs to the message. */
    private boolean keeps(byte octet) {
        boolean lineFeed = octet == '\n';
        boolean carriageReturn = octet == '\r';
        if (octet == 0) {
            // RFC 2045 §2.8: 8bit data holds none, and what reads it in C ends there.
            refuse(550, "5.6.0", "Error: NUL in the message");
        }
        if (lineFeed != (state == State.CR || state == State.DOT_CR)) {
            refuse(550, "5.6.11", "Error: bare CR or LF in the message");
        }
        boolean kept = true;
        switch (state) {
            case LINE_START -> {
                kept = octet != '.';
                state = kept ? afterText(carriageReturn) : State.DOT;
            }
            case DOT -> {
                kept = !carriageReturn; // the stuffed dot itself is gone already
                state = carriageReturn ? State.DOT_CR : State.LINE;
            }
            case DOT_CR -> {
                kept = !lineFeed;
                state = lineFeed ? State.END : afterText(carriageReturn);
            }
            case CR -> state = lineFeed ? State.LINE_START : afterText(carriageReturn);
            case LINE -> state = afterText(carriageReturn);
            case END -> throw new IllegalStateException("read beyond the end");
        }
        if (state == State.LINE_START) {
            if (header.endOfLine()) {
                refuse(554, "5.4.6", "Error: too many hops");
            }
        } else if (kept && state == State.LINE) {
            header.text(octet);
        }
        return kept;
    }

    private static State afterText(boolean carriageReturn) {
        return carriageReturn ? State.CR : State.LINE;
    }

    private void refuse(int code, String status, String text) {
        if (refusal == null) {
            refusal = SmtpReply.of(code, status, text);
        }
    }
}
