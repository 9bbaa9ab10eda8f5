package org.sealpost.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;

/**
 * The argument of MAIL and RCPT (RFC 5321 §4.1.2): a path in angle brackets, then parameters.
 * Source routes are not taken: nobody needs them and they are a way around relay rules.
 *
 * @param address null for {@code <>}
 * @param parameters upper-case keyword to value; an empty value when there is none
 */
record PathArgument(@Nullable MailAddress address, Map<String, String> parameters) {

    /** Reads {@code FROM:<a@b> SIZE=10}; empty when the syntax is wrong. */
    static Optional<PathArgument> parse(String keyword, String argument) {
        if (!argument.regionMatches(true, 0, keyword + ":", 0, keyword.length() + 1)) {
            return Optional.empty();
        }
        String rest = argument.substring(keyword.length() + 1).stripLeading();
        int end = rest.startsWith("<") ? closing(rest) : -1;
        if (end < 0) {
            return Optional.empty();
        }
        String path = rest.substring(1, end);
        String tail = rest.substring(end + 1);
        if (!tail.isEmpty() && !tail.startsWith(" ")) {
            return Optional.empty();
        }
        var parameters = new LinkedHashMap<String, String>();
        for (String parameter : tail.strip().split(" +")) {
            if (parameter.isEmpty()) {
                continue;
            }
            String[] pair = parameter.split("=", 2);
            String key = pair[0].toUpperCase(Locale.ROOT);
            boolean wellFormed =
                    key.matches("[A-Z0-9][A-Z0-9-]*") && (pair.length == 1 || !pair[1].isEmpty());
            if (!wellFormed || parameters.put(key, pair.length == 1 ? "" : pair[1]) != null) {
                return Optional.empty();
            }
        }
        if (path.isEmpty()) {
            return Optional.of(new PathArgument(null, parameters));
        }
        return MailAddress.parse(path).map(address -> new PathArgument(address, parameters));
    }

    /** The bracket that ends the path; one within quotes does not. */
    private static int closing(String text) {
        boolean quoted = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }
}
