package org.sealpost.selftest;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.delivery.events.DeliveryAttempted.Step;
import org.sealpost.settings.RelaySettings;
import org.sealpost.tls.TlsRequirement;

/** Tries what a listener has to refuse. Nothing that is accepted here becomes a message. */
final class AbuseProbes {

    private static final int A_MOMENT_MILLIS = 400;

    /** Ends of a message that only a careless server takes for one (RFC 5321 §4.1.1.4). */
    private static final List<String> FALSE_ENDS = List.of("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r");

    private final OwnListener listener;
    private final TlsRequirement requirement;
    private final RelaySettings relay;

    AbuseProbes(OwnListener listener, TlsRequirement requirement, RelaySettings relay) {
        this.listener = listener;
        this.requirement = requirement;
        this.relay = relay;
    }

    List<TestStep> steps() {
        return List.of(
                Probe.step("plaintext-auth-refused", this::plaintextAuth),
                Probe.step("starttls-injection", this::injection),
                Probe.step("open-relay-refused", this::openRelay),
                Probe.step("smuggling-refused", this::smuggling));
    }

    private TestStep plaintextAuth() throws IOException {
        String step = "plaintext-auth-refused";
        if (listener.implicit()) {
            return TestStep.skip(step, "There is no clear text with implicit TLS.");
        }
        try (var connection = StrangerConnection.open(listener)) {
            connection.hello();
            if (connection.offers("AUTH")) {
                return Probe.told(step, false, "AUTH is offered in clear text.", connection);
            }
            String nobody = Base64.getEncoder().encodeToString(new byte[] {0, 'x', 0, 'x'});
            String reply = connection.say("AUTH PLAIN " + nobody);
            boolean refused = reply.startsWith("5") && !reply.startsWith("535");
            return Probe.told(
                    step,
                    refused,
                    refused
                            ? "AUTH in clear text is answered " + reply.substring(0, 3) + "."
                            : "A password was taken in clear text.",
                    connection);
        }
    }

    /** What is sent along with STARTTLS must not be obeyed under TLS (CVE-2011-0411). */
    private TestStep injection() throws IOException {
        String step = "starttls-injection";
        if (listener.implicit()) {
            return TestStep.skip(step, "There is no STARTTLS with implicit TLS.");
        }
        try (var connection = StrangerConnection.open(listener)) {
            if (!connection.hello().contains("STARTTLS")) {
                return TestStep.skip(step, "STARTTLS is not offered.");
            }
            connection.write("STARTTLS\r\nNOOP\r\n", "STARTTLS and NOOP in one packet");
            String reply = connection.reply();
            if (!reply.startsWith("220")) {
                return Probe.told(
                        step,
                        true,
                        "Commands sent along with STARTTLS end the session.",
                        connection);
            }
            try {
                connection.encrypt(requirement);
            } catch (IOException broken) {
                return Probe.told(
                        step,
                        true,
                        "Commands sent along with STARTTLS are not obeyed.",
                        connection);
            }
            boolean silent = connection.replyWithin(A_MOMENT_MILLIS).isEmpty();
            return Probe.told(
                    step,
                    silent,
                    silent
                            ? "Commands sent along with STARTTLS are discarded."
                            : "A command sent in clear text was obeyed under TLS.",
                    connection);
        }
    }

    private TestStep openRelay() throws IOException {
        String step = "open-relay-refused";
        if (!relay.open().isEmpty()) {
            return TestStep.of(
                    step,
                    TestStep.FAIL,
                    "The relay settings let half the world relay: "
                            + String.join(", ", relay.open())
                            + ".");
        }
        try (var connection = StrangerConnection.ready(listener, requirement)) {
            String mail = connection.say("MAIL FROM:<self-test@" + listener.hostname() + ">");
            if (!mail.startsWith("250")) {
                return Probe.told(
                        step,
                        true,
                        "A stranger may not even begin: " + mail.substring(0, 3) + ".",
                        connection);
            }
            for (String recipient : foreign()) {
                String reply = connection.say("RCPT TO:<" + recipient + ">");
                if (reply.startsWith("2")) {
                    connection.say("QUIT");
                    return Probe.told(
                            step, false, "A stranger may write to " + recipient + ".", connection);
                }
            }
            connection.say("QUIT");
            return Probe.told(step, true, "A stranger may not write to others.", connection);
        }
    }

    /** Somebody else's mailbox, and the old ways of asking to send it on. */
    private List<String> foreign() {
        String us = listener.hostname();
        return List.of(
                "self-test@relay-test.invalid",
                "self-test%relay-test.invalid@" + us,
                "relay-test.invalid!self-test@" + us,
                "\"self-test@relay-test.invalid\"@" + us,
                "@" + us + ":self-test@relay-test.invalid");
    }

    /** Each false end in a session of its own; all of them wait for an answer at the same time. */
    private TestStep smuggling() throws IOException {
        var sessions = new LinkedHashMap<String, StrangerConnection>();
        try {
            for (String end : FALSE_ENDS) {
                String shown = end.replace("\r", "\\r").replace("\n", "\\n");
                var connection = StrangerConnection.ready(listener, requirement);
                sessions.put(shown, connection);
                boolean open =
                        connection.say("MAIL FROM:<>").startsWith("250")
                                && connection.say("RCPT TO:<postmaster>").startsWith("250")
                                && connection.say("DATA").startsWith("354");
                if (!open) {
                    return TestStep.skip(
                            "smuggling-refused", "A stranger gets nowhere near a message here.");
                }
                connection.write("Subject: self-test\r\n\r\nnothing" + end, shown);
            }
            return smuggled(sessions);
        } finally {
            sessions.values().forEach(StrangerConnection::close);
        }
    }

    private static TestStep smuggled(Map<String, StrangerConnection> sessions) throws IOException {
        long until = System.nanoTime() + A_MOMENT_MILLIS * 1_000_000L;
        var dialogue = new ArrayList<Step>();
        var taken = new ArrayList<String>();
        for (var session : sessions.entrySet()) {
            long left = Math.max(1, (until - System.nanoTime()) / 1_000_000);
            if (answer(session.getValue(), (int) left).startsWith("2")) {
                taken.add("“" + session.getKey() + "”");
            }
            dialogue.addAll(session.getValue().dialogue());
        }
        return new TestStep(
                "smuggling-refused",
                taken.isEmpty() ? TestStep.PASS : TestStep.FAIL,
                0,
                taken.isEmpty()
                        ? "Only CR LF . CR LF ends a message."
                        : String.join(", ", taken)
                                + " ends a message, so others can smuggle mail past checks.",
                dialogue);
    }

    /** No answer, or the end of the connection, is as good as a refusal. */
    private static String answer(StrangerConnection connection, int millis) throws IOException {
        try {
            return connection.replyWithin(millis);
        } catch (EOFException | SocketException closed) {
            return "";
        }
    }
}
