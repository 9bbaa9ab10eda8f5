package org.sealpost.selftest;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When rules are tested: once a night between one and five, at another minute each night and on
 * each installation, so that a partner is not asked by all of them at once.
 */
final class Nights {

    static final Duration APART = Duration.ofDays(1);

    private static final int FROM_HOUR = 1;
    private static final int MINUTES = 240;

    /** Whoever makes a schedule in the evening is not surprised by it the same night. */
    private static final Duration AT_FIRST = Duration.ofHours(12);

    private Nights() {}

    /** Whether the last moment of a schedule that has come was not used yet. */
    static boolean isDue(Instant created, @Nullable Instant last, Instant now, ZoneId zone) {
        LocalDate today = now.atZone(zone).toLocalDate();
        Instant moment = moment(created, today, zone);
        if (moment.isAfter(now)) {
            moment = moment(created, today.minusDays(1), zone);
        }
        return !moment.isBefore(created.plus(AT_FIRST)) && (last == null || last.isBefore(moment));
    }

    static Instant moment(Instant created, LocalDate night, ZoneId zone) {
        int minute = Math.floorMod(Objects.hash(created.toEpochMilli(), night) * 31, MINUTES);
        return night.atTime(FROM_HOUR, 0).plusMinutes(minute).atZone(zone).toInstant();
    }
}
