package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The moment at which rules are tested by night. */
class NightsTests {

    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final Instant CREATED = Instant.parse("2026-03-01T09:00:00Z");

    @Test
    void itIsBetweenOneAndFiveAndAnotherEachNightAndEverywhere() {
        var nights =
                IntStream.range(0, 200)
                        .mapToObj(i ->
                                Nights.moment(
                                        CREATED.plusMillis(i % 2),
                                        LocalDate.of(2026, 3, 1).plusDays(i / 2),
                                        ZONE))
                        .toList();

        assertThat(nights)
                .allSatisfy(one -> assertThat(one.atZone(ZONE).getHour()).isBetween(1, 4));
        assertThat(
                        nights.stream()
                                .map(one -> one.atZone(ZONE).toLocalTime())
                                .collect(Collectors.toSet()))
                .hasSizeGreaterThan(50);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T23:59:00Z, , false", // the first night has not come
        "2026-03-02T05:01:00Z, , true",
        "2026-03-02T12:00:00Z, 2026-03-02T05:00:30Z, false",
        "2026-03-03T05:01:00Z, 2026-03-02T05:00:30Z, true",
        "2026-03-09T05:01:00Z, 2026-03-02T05:00:30Z, true"
    })
    void itIsDueOnceANight(Instant now, Instant last, boolean due) {
        assertThat(Nights.isDue(CREATED, last, now, ZONE)).isEqualTo(due);
    }

    @Test
    void theNightThatFollowsAtOnceIsLeftOut() {
        Instant evening = Instant.parse("2026-03-01T22:00:00Z");

        assertThat(Nights.isDue(evening, null, evening.plus(Duration.ofHours(8)), ZONE)).isFalse();
        assertThat(Nights.isDue(evening, null, evening.plus(Duration.ofHours(32)), ZONE)).isTrue();
    }
}
