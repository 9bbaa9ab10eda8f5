package org.sealpost.tls;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One check of a session against a requirement.
 *
 * @param expected what the rule asked for
 * @param seen what the server showed
 */
public record TlsCheck(Name name, Result result, String expected, String seen) {

    /** What is checked, in the order it happens. */
    public enum Name {
        CONNECT,
        STARTTLS,
        HANDSHAKE,
        PROTOCOL,
        CIPHER,
        CHAIN,
        VALIDITY,
        NAME,
        PIN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it ended. */
    public enum Result {
        PASS,
        /** The rule does not ask for it, but an administrator should know. */
        WARN,
        FAIL,
        /** Not asked for, or never reached. */
        SKIP;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static TlsCheck pass(Name name, String expected, String seen) {
        return new TlsCheck(name, Result.PASS, expected, seen);
    }

    static TlsCheck fail(Name name, String expected, String seen) {
        return new TlsCheck(name, Result.FAIL, expected, seen);
    }

    static TlsCheck skip(Name name, String why) {
        return new TlsCheck(name, Result.SKIP, "", why);
    }

    /** A check the level does not insist on: it passes or warns. */
    TlsCheck asAdvice() {
        return result == Result.FAIL ? new TlsCheck(name, Result.WARN, expected, seen) : this;
    }

    boolean failed() {
        return result == Result.FAIL;
    }

    /** A failed check in the words of the log. */
    String event() {
        return switch (name) {
            case CHAIN, VALIDITY -> seen;
            case NAME -> "name mismatch: " + seen + " instead of " + expected;
            case PIN -> "no pin matches: " + seen;
            case CONNECT, STARTTLS, HANDSHAKE, PROTOCOL, CIPHER ->
                    name.word() + " is " + seen + " instead of " + expected;
        };
    }

    /** The failed checks in the words of the log. */
    static String events(List<TlsCheck> failed) {
        return told(failed).stream().map(TlsCheck::event).collect(Collectors.joining("; "));
    }

    /** An expired certificate fails its chain, too: it is told once, with its own remedy. */
    private static List<TlsCheck> told(List<TlsCheck> failed) {
        return failed.stream()
                .filter(check ->
                        check.name != Name.CHAIN
                                || failed.stream()
                                        .noneMatch(other ->
                                                other.name == Name.VALIDITY
                                                        && other.seen.equals(check.seen)))
                .toList();
    }

    static String sentence(List<TlsCheck> failed) {
        return told(failed).stream()
                        .map(check ->
                                switch (check.name) {
                                    case CHAIN -> "its chain is not trusted (" + check.seen + ")";
                                    case VALIDITY ->
                                            "its certificate is not valid now (" + check.seen + ")";
                                    case NAME ->
                                            "its certificate is for "
                                                    + check.seen
                                                    + ", not for "
                                                    + check.expected;
                                    case PIN ->
                                            "it presents " + check.seen + ", which is not pinned";
                                    default ->
                                            check.name.word()
                                                    + " is "
                                                    + check.seen
                                                    + " instead of "
                                                    + check.expected;
                                })
                        .collect(Collectors.joining("; "))
                + ".";
    }

    static String remedy(List<TlsCheck> failed) {
        return switch (told(failed).getFirst().name) {
            case CHAIN ->
                    "Ask the partner for a complete chain of a public authority, or upload their own"
                            + " authority as an anchor and name it in the rule's tafile.";
            case VALIDITY -> "Ask the partner to renew the certificate.";
            case NAME ->
                    "If the name belongs to the partner, add it to the rule's match; otherwise ask"
                            + " them why the server shows it.";
            case PIN ->
                    "Compare the new fingerprint with the partner over another channel, then add it to"
                            + " the rule's match.";
            default -> "Compare the rule with what the server offers.";
        };
    }
}
