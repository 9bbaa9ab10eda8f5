package org.sealpost.settings;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an administrator writes a duration: {@code 5s}, {@code 5m}, {@code 4h}, {@code 5d} or ISO.
 */
public final class TimeSpan {

    /** What may be written, for the sentence behind a refusal. */
    public static final String FORMS = "Write 30s, 5m, 4h or 5d, or in ISO-8601 PT5M or P5D.";

    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,9})\\s*([smhd])");

    /** More is a slip of the pen, and would overflow where it is added to a time. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private TimeSpan() {}

    /** Reads a duration; empty when it is none, or is longer than a hundred years. */
    public static Optional<Duration> parse(String written) {
        String text = written.strip();
        Matcher simple = SIMPLE.matcher(text.toLowerCase(Locale.ROOT));
        try {
            Duration span =
                    simple.matches()
                            ? of(Long.parseLong(simple.group(1)), simple.group(2))
                            : Duration.parse(text);
            return span.abs().compareTo(LONGEST) <= 0 ? Optional.of(span) : Optional.empty();
        } catch (DateTimeException | ArithmeticException noDuration) {
            return Optional.empty();
        }
    }

    private static Duration of(long number, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
