package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.SmtpReply;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.Envelope.Recipient;

/** One message over one open session: MAIL, RCPT, DATA, and what each recipient was told. */
final class Transaction {

    /** The server closes the session (RFC 5321 §3.8). */
    private static final int CLOSING = 421;

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

    /** What the session is good for afterwards. */
    enum Ended {
        /** Every reply was read and the server awaits another message. */
        CLEAN,
        /** It must be closed. */
        UNUSABLE,
        /**
         * The server was gone before the message was sent to it; another connection may be tried.
         */
        NOTHING_SENT,
        /** The whole message was sent and no reply came: nobody knows whether it was taken. */
        UNKNOWN
    }

    private Ended ended = Ended.UNUSABLE;

    Ended ended() {
        return ended;
    }

    /** Sends the message to these recipients of the envelope. */
    Map<Recipient, Told> send(Envelope envelope, List<Recipient> recipients, long size, Body body) {
        SmtpReply unfit = unfit(envelope, recipients, size, body);
        if (unfit != null) {
            ended = Ended.CLEAN;
            return all(recipients, new Told(unfit, false));
        }
        var told = new LinkedHashMap<Recipient, Told>();
        List<Recipient> accepted;
        try {
            accepted = offer(envelope, recipients, size, told);
        } catch (MessagingException | IOException e) {
            ended = Ended.NOTHING_SENT;
            return rest(recipients, told, new Told(lost("", e), true));
        }
        return accepted.isEmpty() ? told : data(accepted, told, body);
    }

    /** Why this server cannot take the message at all; null when it may. */
    private @Nullable SmtpReply unfit(
            Envelope envelope, List<Recipient> recipients, long size, Body body) {
        String host = session.peer().bracketed();
        boolean ascii = !transport.supportsExtension("SMTPUTF8");
        var noUtf8 =
                SmtpReply.of(
                        550, "5.6.7", "SMTPUTF8 is required, but was not offered by host " + host);
        if (ascii && needsSmtputf8(envelope, recipients)) {
            return noUtf8;
        }
        boolean sevenBit = envelope.eightBit() && !transport.supportsExtension("8BITMIME");
        if (sevenBit || (ascii && envelope.smtputf8())) {
            try {
                EightBit seen = EightBit.scan(body.open());
                if (ascii && envelope.smtputf8() && seen.inHeader()) {
                    return noUtf8;
                }
                // RFC 6152 §3: else it would have to be re-encoded, which breaks signatures.
                if (sevenBit && (seen.inHeader() || seen.inBody())) {
                    return SmtpReply.of(
                            554,
                            "5.6.3",
                            "the message has 8-bit octets, and 8BITMIME was not offered by host "
                                    + host);
                }
            } catch (IOException e) {
                return SmtpReply.of(450, "4.3.0", "the message cannot be read now");
            }
        }
        String most = String.valueOf(transport.getExtensionParameter("SIZE")).strip();
        // RFC 1870 §3: 0 means that there is no fixed limit.
        if (most.matches("[1-9]\\d{0,17}") && size > Long.parseLong(most)) {
            return SmtpReply.of(
                    552,
                    "5.3.4",
                    "the message has "
                            + size
                            + " octets, and host "
                            + host
                            + " takes no more than "
                            + most);
        }
        return null;
    }

    /** MAIL and RCPT; returns who was accepted, and tells the others. */
    private List<Recipient> offer(
            Envelope envelope, List<Recipient> recipients, long size, Map<Recipient, Told> told)
            throws MessagingException, IOException {
        session.replyWithin(limits.command());
        var commands = new ArrayList<String>();
        commands.add(mail(envelope, size));
        recipients.forEach(recipient -> commands.add(rcpt(recipient)));
        List<SmtpReply> replies = transport.commands(commands);
        if (!replies.getFirst().isPositive()) {
            told.putAll(all(recipients, answered(replies.getFirst())));
            afterRefusal(replies.getFirst());
            return List.of();
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
        if (replies.getLast().code() == CLOSING) {
            told.putAll(all(accepted, answered(replies.getLast())));
            accepted.clear();
        }
        if (accepted.isEmpty()) {
            afterRefusal(replies.getLast());
        }
        return accepted;
    }

    private Map<Recipient, Told> data(
            List<Recipient> accepted, Map<Recipient, Told> told, Body body) {
        ended = Ended.NOTHING_SENT;
        try (InputStream bytes = body.open()) {
            OutputStream out = transport.openData();
            ended = Ended.UNUSABLE;
            bytes.transferTo(out);
            session.replyWithin(limits.finalReply());
            ended = Ended.UNKNOWN;
            if (transport.lmtp()) {
                eachReply(accepted, told);
                return told;
            }
            SmtpReply reply = transport.endData();
            told.putAll(all(accepted, answered(reply)));
            if (reply.isPositive()) {
                ended = Ended.CLEAN;
            } else {
                afterRefusal(reply);
            }
            return told;
        } catch (MessagingException | IOException e) {
            if (ended == Ended.NOTHING_SENT && transport.getLastReturnCode() >= 400) {
                Told refused = refusedData();
                told.putAll(all(accepted, refused));
                afterRefusal(refused.reply());
                return told;
            }
            // Once the body went out nobody knows whether it was taken: another server must not get
            // it in the same attempt.
            return rest(accepted, told, new Told(lost(" while sending the message", e), false));
        }
    }

    /**
     * RFC 2033 §4.2: after the final dot comes one reply for each recipient that was accepted, in
     * the order of RCPT. What came before the line breaks holds.
     */
    private void eachReply(List<Recipient> accepted, Map<Recipient, Told> told)
            throws MessagingException, IOException {
        SmtpReply reply = transport.endData();
        told.put(accepted.getFirst(), answered(reply));
        for (Recipient recipient : accepted.subList(1, accepted.size())) {
            reply = transport.nextFinal();
            told.put(recipient, answered(reply));
        }
        ended = reply.code() == CLOSING ? Ended.UNUSABLE : Ended.CLEAN;
    }

    private SmtpReply lost(String when, Exception e) {
        return SmtpReply.of(
                450,
                "4.4.2",
                "lost connection with "
                        + session.peer().bracketed()
                        + when
                        + ": "
                        + e.getMessage());
    }

    /** A server that goes away after a refusal has refused all the same. */
    private void afterRefusal(SmtpReply refusal) {
        if (refusal.code() == CLOSING) {
            ended = ended == Ended.UNKNOWN ? Ended.UNUSABLE : Ended.NOTHING_SENT;
            return;
        }
        ended = Ended.UNUSABLE;
        try {
            if (transport.command("RSET").isPositive()) {
                ended = Ended.CLEAN;
            }
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
