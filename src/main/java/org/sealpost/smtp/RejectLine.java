package org.sealpost.smtp;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;

/** What smtpd logs of a command that was refused, so that programs that count refusals find it. */
final class RejectLine {

    private static final Set<String> OF_MAIL = Set.of("MAIL", "RCPT", "DATA", "BDAT");

    private RejectLine() {}

    /**
     * {@code NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 ..; from=<a@b.example>
     * to=<c@d.example> proto=ESMTP helo=<client.example>}, or the warning about a failed sign-in.
     *
     * @param transaction the one that ran when the command came
     * @return empty when the command was not refused, or nobody counts it
     */
    static Optional<String> of(
            String verb,
            String line,
            String reply,
            InboundState.@Nullable Transaction transaction,
            InboundState state) {
        if (!reply.startsWith("4") && !reply.startsWith("5")) {
            return Optional.empty();
        }
        if (verb.equals("AUTH") && reply.startsWith("535")) {
            return Optional.of(
                    "warning: " + state.logged() + ": SASL authentication failed: " + reply);
        }
        return OF_MAIL.contains(verb)
                ? Optional.of(
                        "NOQUEUE: reject: %s from %s: %s;%s proto=%s helo=<%s>"
                                .formatted(
                                        verb,
                                        state.logged(),
                                        reply,
                                        addresses(verb, line, transaction),
                                        state.isExtended() ? "ESMTP" : "SMTP",
                                        state.helo() == null ? "" : state.helo()))
                : Optional.empty();
    }

    private static String addresses(
            String verb, String line, InboundState.@Nullable Transaction transaction) {
        String path = line.replaceFirst("[^<]*<?", "").replaceFirst(">.*", "");
        if (verb.equals("MAIL")) {
            return " from=<" + path + ">";
        }
        String from = " from=<" + (transaction == null ? "" : text(transaction.sender)) + ">";
        if (verb.equals("RCPT")) {
            return from + " to=<" + path + ">";
        }
        return from
                + (transaction == null || transaction.recipients.isEmpty()
                        ? ""
                        : " to=<" + transaction.recipients.getFirst().address() + ">");
    }

    private static String text(@Nullable MailAddress sender) {
        return sender == null ? "" : sender.toString();
    }
}
