package org.sealpost.smtp;

import java.io.IOException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.server.Session;

/** A session as our commands use it: the only way they answer, end it or put TLS on it. */
final class ClientSession {

    /** As Postfix's smtpd_junk_command_limit. */
    private static final int MOST_IDLE = 100;

    private final Session session;
    private final ClientSocket socket;

    ClientSession(Session session) {
        this.session = session;
        this.socket = ClientSocket.of(session);
    }

    InboundState state() {
        return socket.state();
    }

    ClientInput input() {
        return socket.input();
    }

    ClientSocket socket() {
        return socket;
    }

    void send(String reply) throws IOException {
        reply.lines().forEach(line -> state().step("S: " + line));
        session.sendResponse(reply);
    }

    /**
     * Answers a command and counts it.
     *
     * @return false when it was one error too many, and the session has ended
     */
    boolean answer(String reply) throws IOException {
        send(reply);
        boolean error = reply.startsWith("4") || reply.startsWith("5");
        if (error && state().countError() >= state().listener().limits().maxErrors()) {
            end("421 4.7.0 Error: too many errors", "too many errors");
            return false;
        }
        return true;
    }

    /** Counts a command that does nothing; the many that only hold a session are errors. */
    void countIdle() throws IOException {
        if (state().countIdle() > MOST_IDLE
                && state().countError() >= state().listener().limits().maxErrors()) {
            end("421 4.7.0 Error: too many errors", "too many errors");
        }
    }

    /** Sends the last reply and closes the connection. */
    void end(String reply, String reason) throws IOException {
        send(reply);
        state().endedBecause(reason);
        socket.linger();
        session.quit();
    }

    /** Ends a session whose client can hear no reply any more. */
    void abandon(String reason) throws IOException {
        state().endedBecause(reason);
        socket.abort();
        session.quit();
    }

    /** Goes on over TLS; everything said in clear is forgotten (RFC 3207 §4.2). */
    void goOnThrough(SSLSocket tls, @Nullable ClientCertificate shown) {
        socket.input().forget();
        state().encrypted(tls.getSession(), shown);
        socket.encrypt(tls);
        session.setTlsStarted(true);
    }
}
