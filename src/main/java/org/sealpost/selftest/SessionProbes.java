package org.sealpost.selftest;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsRequirement;

/** What a session with a listener is like once it is encrypted. */
final class SessionProbes {

    private final OwnListener listener;
    private final TlsRequirement requirement;

    SessionProbes(OwnListener listener, TlsRequirement requirement) {
        this.listener = listener;
        this.requirement = requirement;
    }

    /** Under TLS there is no STARTTLS any more, and AUTH where users have to sign in. */
    TestStep offers() {
        String step = "ehlo2";
        return Probe.step(
                step,
                () -> {
                    try (var connection = StrangerConnection.ready(listener, requirement)) {
                        boolean again = connection.offers("STARTTLS");
                        boolean auth = connection.offers("AUTH");
                        boolean needed = listener.state().settings().authRequired();
                        connection.say("QUIT");
                        return Probe.told(
                                step,
                                !again && (auth || !needed),
                                (again
                                                ? "STARTTLS is offered again under TLS. "
                                                : "STARTTLS is not offered any more. ")
                                        + (auth
                                                ? "AUTH is offered."
                                                : needed
                                                        ? "AUTH is not offered, but this listener"
                                                                + " asks for it."
                                                        : "AUTH is not offered."),
                                connection);
                    }
                });
    }

    /** A client that begins a new handshake within a session of TLS 1.2 must not get it. */
    TestStep renegotiation() {
        String step = "renegotiation-refused";
        return Probe.step(
                step,
                () -> {
                    TlsRequirement old = requirement.speaking(List.of("TLSv1.2"));
                    try (var connection = StrangerConnection.beforeTls(listener)) {
                        try {
                            connection.encrypt(old);
                        } catch (SSLException not) {
                            return TestStep.skip(
                                    step, "TLS 1.2 is refused, and TLS 1.3 has no renegotiation.");
                        }
                        boolean renewed = renews(connection);
                        return Probe.told(
                                step,
                                !renewed,
                                renewed
                                        ? "A client can begin new handshakes within a session, each"
                                                + " of which costs the server a signature."
                                        : "A new handshake within a session is refused.",
                                connection);
                    }
                });
    }

    private static boolean renews(StrangerConnection connection) throws IOException {
        var socket = (SSLSocket) connection.socket();
        SSLSession first = socket.getSession();
        first.invalidate(); // else the new handshake could be a short one
        try {
            connection.note("C: a new handshake");
            socket.startHandshake();
            connection.say("NOOP");
            return !socket.getSession().equals(first);
        } catch (SSLException | SocketException | EOFException refused) {
            connection.note("S: " + refused.getMessage());
            return false;
        }
    }

    /**
     * The session of a message, up to DATA; what is sent is queued only when a mailbox is named.
     *
     * @param mailbox who gets a real message; null for nobody
     * @param postmaster whom the message is from
     */
    TestStep session(@Nullable String mailbox, String postmaster) {
        String step = "session";
        return Probe.step(
                step,
                () -> {
                    try (var connection = StrangerConnection.ready(listener, requirement)) {
                        return message(step, connection, mailbox, postmaster);
                    }
                });
    }

    private TestStep message(
            String step, StrangerConnection connection, @Nullable String mailbox, String postmaster)
            throws IOException {
        String mail = connection.say("MAIL FROM:<>");
        if (mail.startsWith("530")) {
            return mailbox == null
                    ? TestStep.skip(step, "Only who signs in may send mail here.")
                    : Probe.told(
                            step,
                            false,
                            "Only who signs in may send mail here; name another listener for a"
                                    + " test message.",
                            connection);
        }
        // The one mailbox that everybody may write to has this name only (RFC 5321 §4.5.1).
        boolean everybody = mailbox == null || mailbox.equalsIgnoreCase(postmaster);
        String reply =
                mail.startsWith("250")
                        ? connection.say("RCPT TO:<" + (everybody ? "postmaster" : mailbox) + ">")
                        : mail;
        if (!everybody && reply.startsWith("554")) {
            return TestStep.of(
                    step,
                    TestStep.WARN,
                    "A stranger may not write to "
                            + mailbox
                            + ", as it should be, so no message was sent. Name the postmaster or a"
                            + " mailbox of a relay domain.");
        }
        if (reply.startsWith("250")) {
            reply = connection.say("DATA");
        }
        if (!reply.startsWith("354")) {
            return Probe.told(
                    step, false, "The listener answered " + first(reply) + ".", connection);
        }
        if (mailbox == null) {
            return Probe.told(
                    step,
                    true,
                    "MAIL, RCPT for the postmaster, and DATA are accepted; the session ends there,"
                            + " and nothing is queued.",
                    connection);
        }
        connection.write(text(mailbox, postmaster), "a test message");
        String queued = connection.reply();
        connection.say("QUIT");
        return Probe.told(
                step,
                queued.startsWith("250"),
                queued.startsWith("250")
                        ? "A test message to " + mailbox + " was accepted: " + first(queued) + "."
                        : "The listener answered " + first(queued) + ".",
                connection);
    }

    private static String first(String reply) {
        return reply.lines().findFirst().orElse("nothing");
    }

    private String text(String mailbox, String postmaster) {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME
                        .withLocale(Locale.ROOT)
                        .format(ZonedDateTime.now(ZoneOffset.UTC));
        return String.join(
                "\r\n",
                "From: Sealpost self-test <" + postmaster + ">",
                "To: <" + mailbox + ">",
                "Subject: Self-test of the listener " + listener.state().settings().name(),
                "Date: " + date,
                "Auto-Submitted: auto-generated",
                "",
                "Somebody tested the listener "
                        + listener.state().settings().name()
                        + " of "
                        + listener.hostname()
                        + " and asked for this message.",
                ".",
                "");
    }
}
