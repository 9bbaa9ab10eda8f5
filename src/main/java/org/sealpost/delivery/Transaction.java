package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.mail.SmtpReply;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.Envelope.Recipient;

/** One message over one open session: MAIL, RCPT, DATA, and what each recipient was told. */
final class Transaction {

    private final OutboundSession session;
    private final TimeLimits limits;
    private final RelayTransport transport;

    Transaction(OutboundSession session, TimeLimits limits) {
        this.session = session;
        this.limits = limits;
        this.transport = session.transport();
    }

    /** Opens the message's bytes. */
    @FunctionalInterface
    interface Body {
        InputStream open() throws IOException;
    }

    /**
     * What became of a recipient.
     *
     * @param reply the server's, or one of ours in its form
     * @param mayTryNext whether another server may be asked in the same attempt
     */
    record Told(SmtpReply reply, boolean mayTryNext) {}

    /** Sends the message to these recipients of the envelope. */
    Map<Recipient, Told> send(Envelope envelope, List<Recipient> recipients, long size, Body body) {
        var told = new LinkedHashMap<Recipient, Told>();
        boolean sending = false;
        try {
            if (needsSmtputf8(envelope, recipients) && !transport.supportsExtension("SMTPUTF8")) {
                return all(
                        recipients,
                        new Told(
                                SmtpReply.of(
                                        550,
                                        "5.6.7",
                                        "SMTPUTF8 is required, but was not offered by host "
                                                + session.peer().bracketed()),
                                false));
            }
            session.replyWithin(limits.command());
            var commands = new ArrayList<String>();
            commands.add(mail(envelope, size));
            recipients.forEach(recipient -> commands.add(rcpt(recipient)));
            List<SmtpReply> replies = transport.commands(commands);
            if (!replies.getFirst().isPositive()) {
                reset();
                return all(recipients, answered(replies.getFirst()));
            }
            var accepted = new ArrayList<Recipient>();
            for (int i = 0; i < recipients.size(); i++) {
                SmtpReply reply = replies.get(i + 1);
                if (reply.isPositive()) {
                    accepted.add(recipients.get(i));
                } else {
                    told.put(recipients.get(i), answered(reply));
                }
            }
            if (accepted.isEmpty()) {
                reset();
                return told;
            }
            session.replyWithin(limits.finalReply());
            try (InputStream bytes = body.open()) {
                sending = true;
                SmtpReply reply = transport.body(bytes);
                told.putAll(all(accepted, answered(reply)));
            }
            return told;
        } catch (MessagingException | IOException e) {
            if (sending && transport.getLastReturnCode() >= 400) {
                return rest(recipients, told, refusedData());
            }
            String text =
                    "lost connection with "
                            + session.peer().bracketed()
                            + (sending ? " while sending the message" : "")
                            + ": "
                            + e.getMessage();
            // Once the body went out nobody knows whether it was taken: another server must not get
            // it in the same attempt.
            return rest(recipients, told, new Told(SmtpReply.of(450, "4.4.2", text), !sending));
        }
    }

    /** A server that goes away after a refusal has refused all the same. */
    private void reset() {
        try {
            transport.command("RSET");
        } catch (MessagingException gone) {
            // every recipient has an answer already
        }
    }

    private Told refusedData() {
        try {
            return answered(transport.lastReply());
        } catch (MessagingException unreadable) {
            return new Told(
                    SmtpReply.of(450, "4.5.0", "the server's reply to DATA cannot be read"), false);
        }
    }

    private static Map<Recipient, Told> all(List<Recipient> recipients, Told told) {
        var all = new LinkedHashMap<Recipient, Told>();
        recipients.forEach(recipient -> all.put(recipient, told));
        return all;
    }

    private static Map<Recipient, Told> rest(
            List<Recipient> recipients, Map<Recipient, Told> known, Told told) {
        var all = new LinkedHashMap<>(known);
        recipients.forEach(recipient -> all.putIfAbsent(recipient, told));
        return all;
    }

    private static Told answered(SmtpReply reply) {
        return new Told(reply, reply.isTransient());
    }

    private static boolean needsSmtputf8(Envelope envelope, List<Recipient> recipients) {
        return envelope.smtputf8()
                && ((envelope.sender() != null && envelope.sender().needsSmtputf8())
                        || recipients.stream().anyMatch(r -> r.address().needsSmtputf8()));
    }

    private String mail(Envelope envelope, long size) {
        var command =
                new StringBuilder("MAIL FROM:<")
                        .append(envelope.sender() == null ? "" : envelope.sender())
                        .append('>');
        if (transport.supportsExtension("SIZE")) {
            command.append(" SIZE=").append(size);
        }
        if (envelope.eightBit() && transport.supportsExtension("8BITMIME")) {
            command.append(" BODY=8BITMIME");
        }
        if (envelope.smtputf8() && transport.supportsExtension("SMTPUTF8")) {
            command.append(" SMTPUTF8");
        }
        if (transport.supportsExtension("DSN")) {
            if (envelope.ret() != null) {
                command.append(" RET=").append(envelope.ret());
            }
            if (envelope.envid() != null) {
                command.append(" ENVID=").append(envelope.envid());
            }
        }
        return command.toString();
    }

    private String rcpt(Recipient recipient) {
        var command = new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
        if (transport.supportsExtension("DSN")) {
            if (recipient.dsnNotify() != null) {
                command.append(" NOTIFY=").append(recipient.dsnNotify());
            }
            if (recipient.orcpt() != null) {
                command.append(" ORCPT=").append(recipient.orcpt());
            }
        }
        return command.toString();
    }
}
