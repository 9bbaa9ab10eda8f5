package org.sealpost.smtp;

import java.io.IOException;
import org.sealpost.mail.SmtpReply;

/**
 * The message behind DATA, dots unstuffed, in blocks (RFC 5321 §4.5.2). Only CRLF.CRLF ends it; a
 * bare CR or LF makes it refused, since servers disagree on what that means and mail is smuggled in
 * the gap.
 */
final class MessageReader extends IncomingMessage {

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
    private long skipped;

    /**
     * @param in what follows the message stays in it
     */
    MessageReader(ClientInput in, long mostOctets, int mostReceived) {
        this.in = in;
        this.mostOctets = mostOctets;
        this.header = new HeaderCheck(mostReceived);
    }

    /** Reads a block; once a message is refused, reads to its end and throws. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int kept = 0;
        while (kept == 0 && length > 0 && state != State.END && refusal() == null) {
            kept = nextBlock(buffer, offset, length);
        }
        SmtpReply refusal = refusal();
        if (refusal != null) {
            drain();
            throw new Refused(refusal);
        }
        return kept == 0 && length > 0 ? -1 : kept;
    }

    @Override
    boolean drain() throws IOException {
        byte[] waste = new byte[state == State.END ? 0 : 8192];
        while (state != State.END && skipped <= mostOctets + MOST_SKIPPED) {
            skipped += nextBlock(waste, 0, waste.length);
        }
        return state == State.END;
    }

    private int nextBlock(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = in.readBlock(buffer, offset, length);
        } catch (IOException e) {
            throw broken(e);
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
            header.endOfLine(this);
        } else if (kept && state == State.LINE) {
            header.text(octet);
        }
        return kept;
    }

    private static State afterText(boolean carriageReturn) {
        return carriageReturn ? State.CR : State.LINE;
    }
}
