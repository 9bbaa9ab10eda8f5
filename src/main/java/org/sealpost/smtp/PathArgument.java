package org.sealpost.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;

/**
 * The argument of MAIL and RCPT (RFC 5321 §4.1.2): a path in angle brackets, then parameters.
 * Source routes are not taken: nobody needs them and they are a way around relay rules.
 */
sealed interface PathArgument {

    /**
     * Well-formed.
     *
     * @param path what stands between the brackets
     * @param address the same as an address; null for {@code <>} and {@code <postmaster>}
     * @param parameters upper-case keyword to value; an empty value when there is none
     */
    record Path(String path, @Nullable MailAddress address, Map<String, String> parameters)
            implements PathArgument {}

    /** No path, or no address in it. */
    record BadPath() implements PathArgument {}

    /** A parameter that is malformed or stands there twice. */
    record BadParameter() implements PathArgument {}

    /** Reads {@code FROM:<a@b> SIZE=10}. */
    static PathArgument parse(String keyword, String argument) {
        if (!argument.regionMatches(true, 0, keyword + ":", 0, keyword.length() + 1)) {
            return new BadPath();
        }
        // A blank behind the colon is no RFC's, but too many clients send it to refuse it.
        String rest = argument.substring(keyword.length() + 1).stripLeading();
        int end = rest.startsWith("<") ? closing(rest) : -1;
        if (end < 0 || (end + 1 < rest.length() && rest.charAt(end + 1) != ' ')) {
            return new BadPath();
        }
        String path = rest.substring(1, end);
        MailAddress address = MailAddress.parse(path).orElse(null);
        if (address == null && !path.isEmpty() && !path.equalsIgnoreCase("postmaster")) {
            return new BadPath();
        }
        Map<String, String> parameters = parameters(rest.substring(end + 1).strip());
        return parameters == null ? new BadParameter() : new Path(path, address, parameters);
    }

    private static @Nullable Map<String, String> parameters(String text) {
        var parameters = new LinkedHashMap<String, String>();
        for (String parameter : text.isEmpty() ? new String[0] : text.split(" +")) {
            String[] pair = parameter.split("=", 2);
            String key = pair[0].toUpperCase(Locale.ROOT);
            boolean wellFormed =
                    key.matches("[A-Z0-9][A-Z0-9-]*") && (pair.length == 1 || !pair[1].isEmpty());
            if (!wellFormed || parameters.put(key, pair.length == 1 ? "" : pair[1]) != null) {
                return null;
            }
        }
        return parameters;
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

    /**
     * Text without blanks in which {@code +XX} stands for a character (RFC 3461 §4), a printable
     * one: decoded, it stands in a line of a delivery status.
     */
    static boolean isXtext(String text, int most) {
        return text.length() <= most
                && text.matches("([!-*,-<>-~]|\\+[2-6][0-9A-F]|\\+7[0-9A-E])*");
    }
}
