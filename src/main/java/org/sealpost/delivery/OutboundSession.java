package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.Verdict;

/**
 * A connection over which the judge lets mail go.
 *
 * @param verdict why it may
 */
record OutboundSession(RelayTransport transport, Socket socket, TlsPeer peer, Verdict verdict)
        implements AutoCloseable {

    /** Sets the time limit of the next reply (RFC 5321 §4.5.3.2). */
    void replyWithin(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
    }

    /** Says QUIT and closes; a server that does not answer is not waited for. */
    @Override
    public void close() {
        try (socket) {
            transport.close();
        } catch (MessagingException | IOException gone) {
            // the session is over either way, and every result was read before
        }
    }
}
