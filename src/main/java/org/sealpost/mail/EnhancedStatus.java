package org.sealpost.mail;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An enhanced mail system status code (RFC 3463).
 *
 * @param category 2 success, 4 persistent transient failure, 5 permanent failure
 * @param subject 0 to 999
 * @param detail 0 to 999
 */
public record EnhancedStatus(int category, int subject, int detail) {

    private static final Pattern FORM = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})");

    public EnhancedStatus {
        if (category != 2 && category != 4 && category != 5) {
            throw new IllegalArgumentException("no such class of status: " + category);
        }
    }

    /** Reads {@code 4.7.5}; empty for anything else. */
    public static Optional<EnhancedStatus> parse(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new EnhancedStatus(
                                Integer.parseInt(matcher.group(1)),
                                Integer.parseInt(matcher.group(2)),
                                Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return category + "." + subject + "." + detail;
    }
}
