package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.sealpost.mail.SmtpReply;

/**
 * SMTP's commands on a connection that is ours, on the primitives of Jakarta Mail's transport: one
 * reply for every recipient, bodies byte for byte (dots stuffed, nothing re-encoded), never BDAT,
 * whose implementation there corrupts the message.
 */
final class RelayTransport extends SMTPTransport {

    /** RFC 2920 §3.1: replies nobody reads meanwhile must not fill the buffers of both ends. */
    private static final int MOST_IN_ONE_GO = 50;

    /** RFC 5321 §3.8: the server goes away, so there is nothing to ask with HELO. */
    private static final int CLOSING = 421;

    private static final Map<String, Session> SESSIONS = new ConcurrentHashMap<>();

    /** The library writes a line for every server without SMTPUTF8; kept, or it is forgotten. */
    private static final Logger LIBRARY_LOG =
            Logger.getLogger(RelayTransport.class.getPackageName());

    static {
        LIBRARY_LOG.setLevel(Level.WARNING);
    }

    private final WireSocket socket;
    private Transcript transcript;
    private final Stage ehlo;
    private final boolean lmtp;
    private boolean secret;
    private boolean greetingRead;

    /**
     * @param lmtp whether LMTP is spoken (RFC 2033)
     * @param greetingRead whether the server's greeting came before, on this connection's clear
     *     part
     */
    RelayTransport(
            WireSocket socket,
            String hostname,
            boolean lmtp,
            Transcript transcript,
            boolean greetingRead) {
        super(SESSIONS.computeIfAbsent(hostname, RelayTransport::session), null);
        this.socket = socket;
        this.lmtp = lmtp;
        this.transcript = transcript;
        this.ehlo = greetingRead ? Stage.EHLO_AGAIN : Stage.EHLO;
        this.greetingRead = greetingRead;
    }

    private static Session session(String hostname) {
        var properties = new Properties();
        properties.setProperty("mail.smtp.localhost", hostname);
        properties.setProperty("mail.mime.allowutf8", "true");
        properties.setProperty("mail.smtp.quitwait", "false");
        return Session.getInstance(properties);
    }

    /** Reads the greeting and says EHLO, or HELO to a server that does not know it. */
    void begin() throws MessagingException {
        connect(socket);
    }

    /** Tells another transcript from now on: another message is sent over the session. */
    synchronized void tell(Transcript other) {
        transcript = other;
    }

    /** Whether the server said something unasked, e.g. that it closes the session. */
    boolean hasUnread() throws IOException {
        return socket.hasUnread();
    }

    @Override
    protected synchronized int readServerResponse() throws MessagingException {
        if (greetingRead) {
            greetingRead = false;
            return 220;
        }
        int code = super.readServerResponse();
        transcript.server(String.valueOf(getLastServerResponse()));
        return code;
    }

    @Override
    protected void sendCommand(String command) throws MessagingException {
        if (command.startsWith("EHLO ") || command.startsWith("HELO ")) {
            transcript.enter(ehlo);
        } else if (command.equals("STARTTLS")) {
            transcript.enter(Stage.STARTTLS);
        }
        // RFC 2033 §4.1: LHLO with the meaning of EHLO; there is no HELO.
        String sent = lmtp && command.startsWith("EHLO ") ? "L" + command.substring(1) : command;
        transcript.client(secret ? "[masked]" : sent);
        super.sendCommand(sent);
    }

    @Override
    protected void helo(String domain) throws MessagingException {
        if (lmtp) {
            throw new MessagingException("the server does not speak LMTP");
        }
        if (getLastReturnCode() == CLOSING) {
            throw new MessagingException("the server closes the session");
        }
        super.helo(domain);
    }

    /** Whether every recipient gets a reply of its own at the end of the message. */
    boolean lmtp() {
        return lmtp;
    }

    /** The next recipient's reply at the end of a message, by LMTP. */
    synchronized SmtpReply nextFinal() throws MessagingException {
        return reply();
    }

    /** What the server says of AUTH, e.g. {@code PLAIN LOGIN}; empty when it says nothing. */
    String offeredMechanisms() {
        String offered = getExtensionParameter("AUTH");
        return offered == null ? "" : offered.strip();
    }

    /** Sends a command and reads its reply. */
    synchronized SmtpReply command(String command) throws MessagingException {
        sendCommand(command);
        return reply();
    }

    /** As {@link #command}, but the transcript does not show what was sent. */
    synchronized SmtpReply secretCommand(String command) throws MessagingException {
        secret = true;
        try {
            return command(command);
        } finally {
            secret = false;
        }
    }

    /**
     * Sends commands and reads their replies, many in one go when the server does PIPELINING; a 421
     * ends the session and answers the rest.
     */
    synchronized List<SmtpReply> commands(List<String> commands)
            throws MessagingException, IOException {
        int together = supportsExtension("PIPELINING") ? MOST_IN_ONE_GO : 1;
        var replies = new ArrayList<SmtpReply>();
        for (int i = 0; i < commands.size(); i += together) {
            List<String> group = commands.subList(i, Math.min(i + together, commands.size()));
            socket.hold();
            for (String command : group) {
                sendCommand(command);
            }
            socket.release();
            for (int j = 0; j < group.size(); j++) {
                SmtpReply reply = reply();
                replies.add(reply);
                if (reply.code() == 421) {
                    replies.addAll(Collections.nCopies(commands.size() - replies.size(), reply));
                    return replies;
                }
            }
        }
        return replies;
    }

    /** Ends the message and reads the final reply. */
    synchronized SmtpReply endData() throws MessagingException, IOException {
        transcript.note("the message was sent");
        try {
            finishData();
        } catch (MessagingException refused) {
            if (getLastReturnCode() < 200) {
                throw refused; // no reply at all: whether it was taken is unknown
            }
        }
        return lastReply();
    }

    /** DATA; a refusal is an exception that leaves the reply in {@link #lastReply}. */
    synchronized OutputStream openData() throws MessagingException {
        return data();
    }

    /**
     * Does nothing, where Jakarta Mail's would close the connection. The transport of the clear
     * part before STARTTLS is abandoned and collected while TLS runs on its connection, and a
     * message in the middle of it would be cut off.
     */
    @Override
    @SuppressWarnings({"deprecation", "removal", "Finalize"})
    protected void finalize() {}

    /** The reply that was read last. */
    synchronized SmtpReply lastReply() throws MessagingException {
        try {
            return SmtpReply.parse(String.valueOf(getLastServerResponse()));
        } catch (IllegalArgumentException unreadable) {
            throw new MessagingException("the server's reply is no SMTP reply", unreadable);
        }
    }

    private SmtpReply reply() throws MessagingException {
        int code = readServerResponse();
        if (code < 200) {
            throw new MessagingException("lost connection", new IOException("[EOF]"));
        }
        return lastReply();
    }
}
