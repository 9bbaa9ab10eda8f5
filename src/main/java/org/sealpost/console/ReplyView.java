package org.sealpost.console;

import org.jspecify.annotations.Nullable;
import org.sealpost.tls.VerdictDocument;

/**
 * The last word on a recipient, and what kind of trouble it tells of.
 *
 * @param kind {@code TLS}, {@code DNS}, {@code connection}, {@code internal}, {@code 4xx}, {@code
 *     5xx} or {@code ok}
 */
public record ReplyView(String text, String kind) {

    static ReplyView of(String reply, @Nullable VerdictDocument verdict) {
        return new ReplyView(reply, kind(reply, verdict));
    }

    private static String kind(String reply, @Nullable VerdictDocument verdict) {
        String code = verdict == null ? null : verdict.code();
        if (code != null && reply.startsWith(code + " ")) {
            return "TLS";
        }
        // Our own words begin with the enhanced code, a server's with the basic one.
        return switch (reply.split(" ", 2)[0]) {
            case "4.4.3", "5.4.4", "5.1.10", "5.4.6" -> "DNS";
            case "4.4.1", "4.4.2" -> "connection";
            case "4.3.0" -> "internal";
            default -> reply.startsWith("2") ? "ok" : reply.startsWith("5") ? "5xx" : "4xx";
        };
    }

    /** What it means and what happens next, in one sentence. */
    public String meaning() {
        return switch (kind) {
            case "TLS" ->
                    "The session does not prove what the TLS rule asks for, so nothing was sent.";
            case "DNS" -> "The name of the next hop leads to no mail server.";
            case "connection" -> "No server of the next hop could be reached, or it went away.";
            case "internal" -> "Sealpost itself failed here; its log says why.";
            case "ok" -> "The server took the message.";
            case "5xx" -> "The server refused for good.";
            default -> "The server asked to come again later.";
        };
    }
}
