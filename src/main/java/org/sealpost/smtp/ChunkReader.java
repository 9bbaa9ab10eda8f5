package org.sealpost.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.SmtpReply;

/**
 * The message behind BDAT (RFC 3030): as many octets as the client has announced, then the next
 * chunk, until the last one. Each chunk but the last is answered while the message is being stored,
 * so a message of any size needs no memory. Octets of a chunk never run as commands, and a client
 * that goes away within one leaves no message behind.
 */
final class ChunkReader extends IncomingMessage {

    /** The client ends the transaction before the last chunk; what it said runs next. */
    static final class GivenUp extends IOException {
        @Serial private static final long serialVersionUID = 1;
    }

    /** What may come between chunks and ends the transaction. */
    private static final Set<String> ENDING = Set.of("RSET", "QUIT", "EHLO", "HELO");

    private final ClientSession client;
    private final long mostOctets;
    private final LineCheck lines;
    private Chunk chunk;
    private long left;
    private long octets;
    private byte @Nullable [] tail;
    private int tailGiven;

    ChunkReader(ClientSession client, Chunk first) {
        var limits = client.state().listener().limits();
        this.client = client;
        this.mostOctets = limits.maxMessageBytes();
        this.lines = new LineCheck(new HeaderCheck(limits.maxReceivedHeaders()));
        this.chunk = first;
        begin(first);
    }

    private void begin(Chunk next) {
        chunk = next;
        left = next.octets();
        octets += left;
        client.socket().deadline().restart();
        if (octets > mostOctets) {
            refuse(552, "5.3.4", "Error: message size exceeds the limit");
        }
    }

    /** Reads a block; once a message is refused, reads to the end of the chunk and throws. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int given = 0;
        while (given == 0 && refusal() == null) {
            if (left > 0) {
                given = block(buffer, offset, length);
            } else if (chunk.isLast()) {
                given = end(buffer, offset, length);
            } else {
                next();
            }
        }
        SmtpReply refusal = refusal();
        if (refusal != null) {
            throw new Refused(refusal);
        }
        return given;
    }

    private int block(byte[] buffer, int offset, int length) throws IOException {
        int most = (int) Math.min(length, left);
        int read;
        try {
            read = client.input().readBlock(buffer, offset, most);
        } catch (IOException e) {
            throw broken(e);
        }
        left -= read;
        lines.look(buffer, offset, offset + read, this);
        return read;
    }

    /** A message handed on by DATA must end with a line. */
    private int end(byte[] buffer, int offset, int length) {
        byte[] missing = tail;
        if (missing == null) {
            missing = lines.missingEnd(this);
            tail = missing;
        }
        int given = Math.min(length, missing.length - tailGiven);
        System.arraycopy(missing, tailGiven, buffer, offset, given);
        tailGiven += given;
        return given == 0 ? -1 : given;
    }

    private void next() throws IOException {
        client.send("250 2.0.0 " + chunk.octets() + " octets received");
        while (true) {
            ClientLine line = client.input().nextLine();
            switch (line) {
                case ClientLine.Ended() -> throw broken(new EOFException("gone between chunks"));
                case ClientLine.Unusable why -> {
                    if (why.last()) {
                        throw giveUp(line);
                    }
                    answer(why.shown(), why.reply().toString());
                }
                case ClientLine.Text(String text) -> {
                    String verb = text.split(" ", 2)[0].toUpperCase(Locale.ROOT);
                    Optional<Chunk> following =
                            verb.equals("BDAT")
                                    ? Chunk.parse(text.substring("BDAT".length()))
                                    : Optional.empty();
                    if (following.isPresent()) {
                        client.state().step("C: " + text);
                        begin(following.get());
                        return;
                    }
                    if (verb.equals("BDAT") || ENDING.contains(verb)) {
                        throw giveUp(line);
                    }
                    answer(
                            Commands.shown(text),
                            verb.equals("NOOP")
                                    ? "250 2.0.0 Ok"
                                    : "503 5.5.1 Error: the last BDAT chunk is missing");
                }
            }
        }
    }

    private void answer(String shown, String reply) throws IOException {
        client.state().step("C: " + shown);
        if (!client.answer(reply)) {
            throw broken(new EOFException("ended for too many errors"));
        }
    }

    private IOException giveUp(ClientLine line) {
        client.input().repeat(line);
        return broken(new GivenUp());
    }

    /** The chunk at hand; a later one finds no transaction any more. */
    @Override
    boolean drain() throws IOException {
        boolean bearable = left <= mostOctets + MOST_SKIPPED;
        byte[] waste = new byte[left > 0 && bearable ? 8192 : 0];
        while (left > 0 && bearable) {
            left -= client.input().readBlock(waste, 0, (int) Math.min(waste.length, left));
        }
        return bearable;
    }
}
