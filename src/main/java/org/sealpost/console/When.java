package org.sealpost.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A moment as pages show it.
 *
 * @param iso for machines
 * @param utc in full, for the tooltip
 * @param words {@code 5 min ago} or {@code in 2 h}
 */
public record When(String iso, String utc, String words) {

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    static When of(Instant moment, Instant now) {
        return new When(
                moment.truncatedTo(ChronoUnit.MILLIS).toString(),
                UTC.format(moment),
                words(moment, now));
    }

    static @Nullable When ofNullable(@Nullable Instant moment, Instant now) {
        return moment == null ? null : of(moment, now);
    }

    private static String words(Instant moment, Instant now) {
        Duration distance = Duration.between(moment, now);
        if (distance.abs().toSeconds() < 1) {
            return "now";
        }
        return distance.isNegative() ? "in " + text(distance.negated()) : text(distance) + " ago";
    }

    private static String text(Duration duration) {
        if (duration.toMinutes() < 1) {
            return duration.toSeconds() + " s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min";
        }
        return duration.toDays() < 2 ? duration.toHours() + " h" : duration.toDays() + " days";
    }
}
