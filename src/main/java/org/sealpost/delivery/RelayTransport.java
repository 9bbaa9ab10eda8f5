package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.sealpost.mail.SmtpReply;

/**
 * SMTP's commands on a connection that is ours, on the primitives of Jakarta Mail's transport: one
 * reply for every recipient, bodies byte for byte (dots stuffed, nothing re-encoded), never BDAT,
 * whose implementation there corrupts the message.
 */
final class RelayTransport extends SMTPTransport {

    private final Socket socket;
    private final Transcript transcript;
    private boolean greetingRead;

    /**
     * @param greetingRead whether the server's greeting came before, on this connection's clear
     *     part
     */
    RelayTransport(Socket socket, String hostname, Transcript transcript, boolean greetingRead) {
        super(session(hostname), null);
        this.socket = socket;
        this.transcript = transcript;
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
        transcript.client(command.startsWith("AUTH ") ? "AUTH [masked]" : command);
        super.sendCommand(command);
    }

    /** Sends a command and reads its reply. */
    synchronized SmtpReply command(String command) throws MessagingException {
        sendCommand(command);
        return reply();
    }

    /** Signs in with AUTH PLAIN (RFC 4616); the transcript does not show what was sent. */
    SmtpReply authenticate(String username, String password) throws MessagingException {
        byte[] response = ("\0" + username + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return command("AUTH PLAIN " + Base64.getEncoder().encodeToString(response));
    }

    /** Sends commands and reads their replies, in one go when the server does PIPELINING. */
    synchronized List<SmtpReply> commands(List<String> commands) throws MessagingException {
        var replies = new ArrayList<SmtpReply>();
        if (supportsExtension("PIPELINING")) {
            for (String command : commands) {
                sendCommand(command);
            }
            for (int i = 0; i < commands.size(); i++) {
                replies.add(reply());
            }
        } else {
            for (String command : commands) {
                replies.add(command(command));
            }
        }
        return replies;
    }

    /** Sends the message behind an accepted DATA and reads the final reply. */
    synchronized SmtpReply body(InputStream body) throws MessagingException, IOException {
        OutputStream out = openData();
        body.transferTo(out);
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
    private OutputStream openData() throws MessagingException {
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
