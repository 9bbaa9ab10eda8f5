package org.sealpost.smtp;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.sealpost.mail.QueueId;

/** The {@code Received:} line in Postfix's form (semantics 1.10), without asking DNS. */
final class ReceivedHeader {

    /** RFC 5321 §4.4 forbids the old names of zones, GMT among them. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private ReceivedHeader() {}

    static String of(InboundState state, String hostname, QueueId id, boolean smtputf8) {
        var header = new StringBuilder("Received: from ");
        header.append(state.helo()).append(" (unknown [").append(address(state)).append("])\r\n");
        if (state.tlsLine() != null && state.listener().receivedTlsHeader()) {
            header.append("\t(using ").append(state.tlsLine()).append(")\r\n");
            header.append("\t(").append(client(state)).append(")\r\n");
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
                .append(DATE.format(Instant.now()))
                .append("\r\n");
        return header.toString();
    }

    private static String client(InboundState state) {
        ClientCertificate shown = state.certificate();
        if (shown == null) {
            return state.listener().asksForCertificate()
                    ? "Client did not present a certificate"
                    : "No client certificate requested";
        }
        return "Client CN \"%s\", Issuer \"%s\" (%s)"
                .formatted(
                        commonName(shown.leaf().getSubjectX500Principal()),
                        commonName(shown.leaf().getIssuerX500Principal()),
                        shown.isTrusted() ? "verified OK" : "not verified");
    }

    /** A client chooses it, and must not be able to end the line or the comment. */
    private static String commonName(X500Principal principal) {
        return CommonName.of(principal).replaceAll("[^\\x20-\\x7e]|[\"()\\\\]", "?");
    }

    private static String address(InboundState state) {
        String text = state.client().getHostAddress();
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
