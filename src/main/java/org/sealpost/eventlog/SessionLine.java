package org.sealpost.eventlog;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.smtp.events.InboundSession.Step;

/** An inbound session in one line, as Postfix's smtpd logs its end, read from its dialogue. */
final class SessionLine {

    private static final String DISCONNECT = "disconnect";

    private static final Set<String> VERBS =
            Set.of(
                    "helo",
                    "ehlo",
                    "starttls",
                    "auth",
                    "mail",
                    "rcpt",
                    "data",
                    "bdat",
                    "rset",
                    "noop",
                    "vrfy",
                    "help",
                    "quit");

    /** How often a command came and how often it was granted. */
    private record Count(int granted, int all) {
        Count plus(Count other) {
            return new Count(granted + other.granted, all + other.all);
        }

        String text() {
            return granted == all ? String.valueOf(all) : granted + "/" + all;
        }
    }

    private final InboundSession session;
    private final Map<String, Count> counts = new LinkedHashMap<>();
    private String last = "connect";

    SessionLine(InboundSession session) {
        this.session = session;
        String open = null;
        for (Step step : session.steps()) {
            if (step.line().startsWith("C: ")) {
                open = verb(step.line().substring(3));
                last = open;
                count(open, new Count(0, 1));
            } else if (open != null && step.line().startsWith("S: ")) {
                open = answered(open, step.line().charAt(3));
            }
        }
    }

    /** Returns the command that still waits for its last reply, or null. */
    private @Nullable String answered(String verb, char firstDigit) {
        if (firstDigit == '2') {
            count(verb, new Count(1, 0));
        }
        return firstDigit == '3' ? verb : null;
    }

    private void count(String verb, Count more) {
        counts.merge(verb, more, Count::plus);
    }

    private static String verb(String line) {
        String word = line.strip().split("[ :]", 2)[0].toLowerCase(Locale.ROOT);
        return VERBS.contains(word) ? word : "unknown";
    }

    /** {@code accepted}, {@code refused} or {@code closed}. */
    String result() {
        if (!session.queueIds().isEmpty()) {
            return "accepted";
        }
        return total().granted() < total().all() ? "refused" : "closed";
    }

    /** {@code disconnect from unknown[192.0.2.1] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4}. */
    String text() {
        return ending() + counted();
    }

    /** The same whatever ended it. */
    String disconnect() {
        return DISCONNECT + counted();
    }

    /** What ended it when that was no QUIT: {@code lost connection after DATA from ..}. */
    Optional<String> lost() {
        String ending = ending();
        return ending.equals(DISCONNECT)
                ? Optional.empty()
                : Optional.of(ending + " from " + logged(session.peer()));
    }

    /** {@code unknown[192.0.2.1]}: names are never asked for. */
    static String logged(String peer) {
        return "unknown[" + peer.replaceFirst(":\\d+$", "") + "]";
    }

    private String counted() {
        String commands =
                counts.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue().text() + " ")
                        .collect(Collectors.joining());
        return " from " + logged(session.peer()) + " " + commands + "commands=" + total().text();
    }

    /** How far TLS proved the client; {@code none} in clear. */
    String tlsClass() {
        return session.steps().stream()
                .map(Step::line)
                .filter(line -> line.contains(" TLS connection established from "))
                .map(line -> line.substring(0, line.indexOf(' ')).toLowerCase(Locale.ROOT))
                .reduce("none", (first, last) -> last);
    }

    private String ending() {
        return switch (session.reason()) {
            case "quit" -> DISCONNECT;
            case "lost connection" -> "lost connection after " + last.toUpperCase(Locale.ROOT);
            default -> session.reason();
        };
    }

    private Count total() {
        return counts.values().stream().reduce(new Count(0, 0), Count::plus);
    }
}
