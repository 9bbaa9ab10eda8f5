package org.sealpost.mail;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host or domain name in its canonical form: A-labels (RFC 5890), lower case, no trailing dot.
 *
 * @param text e.g. {@code mail.example.com} or {@code xn--bcher-kva.example}; at most 253 octets
 */
public record DomainName(String text) {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

    public DomainName {
        if (!isCanonical(text)) {
            throw new IllegalArgumentException("not a canonical domain name: " + text);
        }
    }

    /** Reads a name as people write it, with U-labels and in any case; empty when it is no name. */
    public static Optional<DomainName> parse(String text) {
        String ascii;
        try {
            ascii = IDN.toASCII(text, 0).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notAName) {
            return Optional.empty();
        }
        if (ascii.endsWith(".")) {
            ascii = ascii.substring(0, ascii.length() - 1);
        }
        return isCanonical(ascii) ? Optional.of(new DomainName(ascii)) : Optional.empty();
    }

    /**
     * The parent domains with their leading dot, longest first: {@code .example.com}, {@code .com}.
     */
    public List<String> parents() {
        var parents = new ArrayList<String>();
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
            parents.add(text.substring(dot));
        }
        return List.copyOf(parents);
    }

    private static boolean isCanonical(String text) {
        if (text.isEmpty() || text.length() > 253) {
            return false;
        }
        boolean onlyDigits = true;
        for (String label : text.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
            onlyDigits &= label.chars().allMatch(Character::isDigit);
        }
        return !onlyDigits; // an all-numeric name is an IPv4 address without its brackets
    }

    @Override
    public String toString() {
        return text;
    }
}
