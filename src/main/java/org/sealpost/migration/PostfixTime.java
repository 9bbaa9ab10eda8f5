package org.sealpost.migration;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time values of Postfix: {@code 300}, {@code 300s}, {@code 5d}. */
final class PostfixTime {

    static final String REMEDY =
            "That is not a time. Write a number with s, m, h, d or w behind it, e.g. 5d.";

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*([smhdw]?)");

    private PostfixTime() {}

    /**
     * Reads a time.
     *
     * @param unit what a bare number counts
     */
    static Optional<Duration> parse(String text, char unit) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        char written = matcher.group(2).isEmpty() ? unit : matcher.group(2).charAt(0);
        return Optional.of(
                switch (written) {
                    case 's' -> Duration.ofSeconds(number);
                    case 'm' -> Duration.ofMinutes(number);
                    case 'h' -> Duration.ofHours(number);
                    case 'd' -> Duration.ofDays(number);
                    default -> Duration.ofDays(7 * number);
                });
    }
}
