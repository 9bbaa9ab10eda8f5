package org.sealpost.smtp;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The argument of BDAT (RFC 3030 §2).
 *
 * @param octets that follow the command
 * @param isLast whether the message ends with them
 */
record Chunk(long octets, boolean isLast) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})( +LAST)?");

    /** Reads {@code 1000 LAST}; empty when it is none, and then nobody knows where it ends. */
    static Optional<Chunk> parse(String argument) {
        Matcher matcher = FORM.matcher(argument.strip().toUpperCase(Locale.ROOT));
        return matcher.matches()
                ? Optional.of(new Chunk(Long.parseLong(matcher.group(1)), matcher.group(2) != null))
                : Optional.empty();
    }
}
