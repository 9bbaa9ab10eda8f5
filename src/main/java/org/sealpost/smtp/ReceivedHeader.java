package org.sealpost.smtp;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.sealpost.mail.QueueId;

/** The {@code Received:} line in Postfix's form (semantics 1.10), without asking DNS. */
final class ReceivedHeader {

    private ReceivedHeader() {}

    static String of(InboundState state, String hostname, QueueId id, boolean smtputf8) {
        var header = new StringBuilder("Received: from ");
        header.append(state.helo()).append(" (unknown [").append(address(state)).append("])\r\n");
        if (state.tlsLine() != null) {
            header.append("\t(using ").append(state.tlsLine()).append(")\r\n");
            header.append("\t(No client certificate requested)\r\n");
        }
        if (state.user() != null) {
            header.append("\t(Authenticated sender: ")
                    .append(state.user().replaceAll("[^\\x21-\\x7e]|[()\\\\]", "?"))
                    .append(")\r\n");
        }
        header.append("\tby ")
                .append(hostname)
                .append(" (Sealpost) with ")
                .append(protocol(state, smtputf8))
                .append(" id ")
                .append(id)
                .append(";\r\n\t")
                .append(
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                Instant.now().atOffset(ZoneOffset.UTC)))
                .append("\r\n");
        return header.toString();
    }

    private static String address(InboundState state) {
        String text = state.client.getHostAddress();
        return text.contains(":") ? "IPv6:" + text : text;
    }

    /** RFC 3848, RFC 6531 §4.3. */
    private static String protocol(InboundState state, boolean smtputf8) {
        if (!state.isExtended()) {
            return "SMTP";
        }
        return (smtputf8 ? "UTF8SMTP" : "ESMTP")
                + (state.isEncrypted() ? "S" : "")
                + (state.user() == null ? "" : "A");
    }
}
