package org.sealpost.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.SmtpReply;

/**
 * A message as a client sends it, by DATA or BDAT. Whoever reads it gets its octets unaltered, or
 * an exception that says why it must not be kept.
 */
abstract class IncomingMessage extends InputStream {

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

    /** What is read beyond the largest message before the session must end. */
    static final long MOST_SKIPPED = 1024 * 1024;

    private @Nullable SmtpReply refusal;
    private @Nullable IOException broken;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] buffer, int offset, int length) throws IOException;

    /**
     * Reads what must not be taken for commands and forgets it.
     *
     * @return false when there is so much of it that the session must end
     */
    abstract boolean drain() throws IOException;

    /** Why the client can send no more; null while it can. */
    final @Nullable IOException broken() {
        return broken;
    }

    /** Notes that the client can send no more. */
    final IOException broken(IOException why) {
        broken = why;
        return why;
    }

    final @Nullable SmtpReply refusal() {
        return refusal;
    }

    /** The first reason counts. */
    final void refuse(int code, String status, String text) {
        if (refusal == null) {
            refusal = SmtpReply.of(code, status, text);
        }
    }
}
