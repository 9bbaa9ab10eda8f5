package org.sealpost.mail;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox as it stands in an SMTP envelope (RFC 5321 §4.1.2, RFC 6531 §3.3).
 *
 * @param localPart as written, quotes included: {@code user}, {@code "a b"}; at most 64 octets
 * @param domain as written: a name (also with U-labels) or an address literal in brackets
 */
public record MailAddress(String localPart, String domain) {

    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    /** Reads {@code local@domain} strictly; empty for anything the RFC's grammar refuses. */
    public static Optional<MailAddress> parse(String text) {
        int at = endOfLocalPart(text);
        if (at <= 0 || at >= text.length() - 1 || text.charAt(at) != '@') {
            return Optional.empty();
        }
        String local = text.substring(0, at);
        String domain = text.substring(at + 1);
        if (octets(local) > 64 || octets(text) > 254 || !isDomain(domain)) {
            return Optional.empty();
        }
        return Optional.of(new MailAddress(local, domain));
    }

    /** The domain as a canonical name, or null when it is an address literal. */
    public @Nullable DomainName domainName() {
        return isLiteral() ? null : DomainName.parse(domain).orElse(null);
    }

    public boolean isLiteral() {
        return domain.startsWith("[");
    }

    /** Whether only an SMTPUTF8 server can take this address (RFC 6531). */
    public boolean needsSmtputf8() {
        return !(localPart + domain).chars().allMatch(c -> c < 128);
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The index behind a valid local part, or -1. */
    private static int endOfLocalPart(String text) {
        return text.startsWith("\"") ? endOfQuoted(text) : endOfDotString(text);
    }

    private static int endOfDotString(String text) {
        char before = '.';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '@') {
                return before == '.' ? -1 : i;
            }
            if (c == '.' ? before == '.' : !isAtomText(c)) {
                return -1;
            }
            before = c;
        }
        return -1;
    }

    private static int endOfQuoted(String text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++; // the escaped character is checked below like any other
            }
            if (i >= text.length() || text.charAt(i) < 32 || text.charAt(i) == 127) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isAtomText(char c) {
        return c > 127
                ? Character.isDefined(c) && !Character.isISOControl(c) && !Character.isSpaceChar(c)
                : Character.isLetterOrDigit(c) || ATOM_SPECIALS.indexOf(c) >= 0;
    }

    private static boolean isDomain(String domain) {
        if (domain.startsWith("[")) {
            boolean tagged = domain.regionMatches(true, 1, "IPv6:", 0, 5);
            return tagged == domain.contains(":") && AddressLiteral.parse(domain).isPresent();
        }
        return !domain.endsWith(".") && DomainName.parse(domain).isPresent();
    }
}
