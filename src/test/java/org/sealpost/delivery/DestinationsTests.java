package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.Destinations.Answer;
import org.sealpost.delivery.Destinations.Place;

/** How many places a destination has, and when who finds none asks again. */
class DestinationsTests {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private DeliverySettings settings = DeliverySettings.STANDARD;
    private Instant now = NOON;
    private final Destinations destinations = new Destinations(() -> settings, new TestClock());

    @Test
    void aDestinationHasFivePlacesAndNeverTakesAnothers() {
        assertThat(placesOf("slow")).isEqualTo(5);
        assertThat(placesOf("fast")).isEqualTo(5);
    }

    @Test
    void itGrowsWithSuccessUpToItsLimitAndHalvesWithFailure() {
        for (int i = 0; i < 300; i++) {
            once("a", true);
        }
        assertThat(placesOf("a")).isEqualTo(20);

        once("b", true);
        once("b", false);
        assertThat(placesOf("b")).isEqualTo(2);
    }

    @Test
    void theLimitIsSettableWhileItRuns() {
        settings = limits(2, 0);

        assertThat(placesOf("a")).isEqualTo(2);
    }

    @Test
    void afterFiveFailuresItIsLeftAloneThenAskedOnce() {
        for (int i = 0; i < 5; i++) {
            once("dead", false);
        }

        assertThat(destinations.isPaused("dead")).isTrue();
        assertThat(ask("dead")).isEqualTo(new Answer.Later(now.plusSeconds(1)));
        now = now.plusSeconds(1);
        assertThat(placesOf("dead")).isEqualTo(1);
        destinations.tried("dead", false);
        assertThat(ask("dead")).isEqualTo(new Answer.Later(now.plusSeconds(2)));
        for (int i = 0; i < 20; i++) {
            destinations.tried("dead", false);
        }
        assertThat(ask("dead")).isEqualTo(new Answer.Later(now.plusSeconds(60)));
    }

    @Test
    void whatIsTooOldToWaitIsNotHeldUpByAPause() {
        for (int i = 0; i < 5; i++) {
            once("dead", false);
        }

        assertThat(destinations.ask("dead", true)).isInstanceOf(Answer.Granted.class);
    }

    /** At the rate the destination takes mail, one after the other. */
    @Test
    void whoFindsNoPlaceAsksAgainWhenItsTurnComes() {
        var taken = new ArrayList<Place>();
        for (int i = 0; i < 5; i++) {
            place("a").ifPresent(taken::add);
        }
        now = now.plusSeconds(100);
        destinations.leave(taken.removeFirst()); // each takes some 20 s now
        place("a").ifPresent(taken::add);

        Instant first = ((Answer.Later) ask("a")).at();
        Instant second = ((Answer.Later) ask("a")).at();

        assertThat(first).isBetween(now.plusSeconds(4), now.plusSeconds(5));
        assertThat(second).isBetween(now.plusSeconds(8), now.plusSeconds(9));
        for (int i = 0; i < 50; i++) {
            ask("a");
        }
        assertThat(ask("a")).isEqualTo(new Answer.Later(now.plusSeconds(60)));
    }

    @Test
    void theRateIsKept() {
        settings = limits(20, 6);

        place("a").ifPresent(destinations::leave);
        assertThat(((Answer.Later) ask("a")).at()).isEqualTo(now.plusSeconds(10));
        assertThat(((Answer.Later) ask("a")).at()).isEqualTo(now.plusSeconds(20));
        now = now.plusSeconds(10);
        assertThat(place("a")).isPresent();
    }

    private void once(String nextHop, boolean reached) {
        Place place = place(nextHop).orElseThrow();
        destinations.tried(nextHop, reached);
        destinations.leave(place);
    }

    private int placesOf(String nextHop) {
        List<Place> taken = new ArrayList<>();
        for (Optional<Place> place = place(nextHop); place.isPresent(); place = place(nextHop)) {
            taken.add(place.get());
        }
        taken.forEach(destinations::leave);
        return taken.size();
    }

    private Optional<Place> place(String nextHop) {
        return ask(nextHop) instanceof Answer.Granted(Place place)
                ? Optional.of(place)
                : Optional.empty();
    }

    private Answer ask(String nextHop) {
        return destinations.ask(nextHop, false);
    }

    private final class TestClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static DeliverySettings limits(int sessions, int perMinute) {
        return new DeliverySettings(sessions, perMinute, List.of(), Connector.DEFAULT_DELAY);
    }
}
