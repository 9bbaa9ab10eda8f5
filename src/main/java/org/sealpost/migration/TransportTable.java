package org.sealpost.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.NextHop;
import org.sealpost.migration.Draft.PlannedRoute;
import org.sealpost.policy.postfix.FileProblem;
import org.sealpost.policy.postfix.LogicalLines;
import org.sealpost.policy.postfix.LogicalLines.Piece;

/** Reads a {@code transport} table: entries that name an SMTP next hop become routes. */
final class TransportTable {

    private final Draft draft;

    /** Transports of master.cf that are Postfix's plain SMTP client under another name. */
    private final Set<String> clients;

    private final Map<String, Integer> lines = new HashMap<>();

    TransportTable(Draft draft, Set<String> clients) {
        this.draft = draft;
        this.clients = clients;
    }

    void read(String source, String text) {
        LogicalLines.read(
                text,
                piece -> {
                    if (piece instanceof Piece.Text(int line, String entry)) {
                        entry(source, line, entry);
                    }
                });
    }

    /** The next hop of {@code smtp:[host]}, empty text without one; empty for other transports. */
    static Optional<String> smtpNextHop(String value) {
        return nextHop(value, Set.of());
    }

    private static Optional<String> nextHop(String value, Set<String> clients) {
        int colon = value.indexOf(':');
        String transport = colon < 0 ? value : value.substring(0, colon);
        boolean smtp =
                List.of("", "smtp", "relay").contains(transport) || clients.contains(transport);
        return smtp
                ? Optional.of(colon < 0 ? "" : value.substring(colon + 1).strip())
                : Optional.empty();
    }

    private void entry(String source, int line, String entry) {
        String[] parts = entry.strip().split("\\s+", 2);
        String pattern = pattern(parts[0]);
        if (Character.isWhitespace(entry.charAt(0))) {
            refuse(
                    line,
                    entry,
                    "The line begins with white space, but there is no entry that it could continue.",
                    "Move the key to the beginning of the line.");
        } else if (parts.length < 2) {
            refuse(line, entry, "The entry has no transport.", "Write smtp:[host]:port behind it.");
        } else if (pattern.isEmpty()) {
            refuse(
                    line,
                    entry,
                    "“" + parts[0] + "” is not a pattern of routes.",
                    parts[0].contains("@")
                            ? "Routes go by domain, not by address: write a route for the domain, or"
                                    + " let the server behind it sort addresses."
                            : "Write example.com, .example.com for its sub-domains, or *.");
        } else if (lines.putIfAbsent(pattern, line) != null) {
            refuse(
                    line,
                    entry,
                    "There is already an entry for "
                            + pattern
                            + " on line "
                            + lines.get(pattern)
                            + ".",
                    "Leave one of them.");
        } else {
            route(source, line, entry, pattern, parts[1]);
        }
    }

    private void route(String source, int line, String entry, String pattern, String value) {
        Optional<String> written = nextHop(value, clients);
        if (written.isEmpty()) {
            refuse(
                    line,
                    entry,
                    "The import makes routes by SMTP only, not by “" + value + "”.",
                    cure(value));
            return;
        }
        String hop = written.get().isEmpty() ? ownDomain(pattern) : written.get();
        Optional<NextHop> nextHop = NextHop.parse(hop);
        if (nextHop.isPresent()) {
            draft.route(pattern, new PlannedRoute(nextHop.get().text(), source, line, entry));
        } else if (written.get().isEmpty()) {
            refuse(
                    line,
                    entry,
                    "A route cannot send “" + pattern + "” to the MX hosts of each domain.",
                    pattern.equals("*")
                            ? "Leave the entry and relayhost out: without a route * mail goes by MX."
                            : "Write an entry for each domain, or leave it out where no route * and no"
                                    + " other parent would apply.");
        } else {
            refuse(
                    line,
                    entry,
                    "“" + hop + "” is not a next hop.",
                    hop.contains(",")
                            ? "Name one host, or a domain whose MX records name several."
                            : "Write [mail.example.com]:587, or example.com for its MX hosts.");
        }
    }

    private static String cure(String value) {
        return switch (value.replaceFirst(":.*", "")) {
            case "discard" -> "Let the server that sends such mail drop it.";
            case "error", "retry" -> "Refuse such mail where it is sent, or hold it in the queue.";
            case "lmtp" ->
                    "Add the route by hand: protocol lmtp, and the host in brackets with its port.";
            case "local", "virtual" ->
                    "Sealpost has no mailboxes: write smtp: with the server that has them.";
            default ->
                    "Write smtp:[host]:port; what TLS that host needs is a rule for [host]:port.";
        };
    }

    private static String ownDomain(String pattern) {
        return pattern.equals("*") || pattern.startsWith(".") ? "" : pattern;
    }

    private static String pattern(String key) {
        if (key.equals("*")) {
            return key;
        }
        return key.startsWith(".")
                ? DomainName.parse(key.substring(1)).map(domain -> "." + domain).orElse("")
                : DomainName.parse(key).map(DomainName::text).orElse("");
    }

    private void refuse(int line, String entry, String message, String remedy) {
        draft.routeProblem(new FileProblem(line, entry, message, remedy));
    }
}
