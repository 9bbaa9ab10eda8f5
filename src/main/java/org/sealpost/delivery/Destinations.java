package org.sealpost.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who may be sent to now. Each next hop has as many places as it bears: more after each success,
 * half after a failure to get a session, and after several of those in a row none for a while, then
 * one. A message that finds no place is due again when, at the rate the destination takes mail, its
 * turn comes; so a slow destination's mail stands aside for others'.
 */
final class Destinations {

    private static final double FIRST_PLACES = 5;
    private static final int FAILURES_UNTIL_PAUSE = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final int MOST_REMEMBERED = 10_000;

    private final Supplier<DeliverySettings> limits;
    private final Clock clock;
    private final Map<String, Lane> lanes = new HashMap<>();

    Destinations(Supplier<DeliverySettings> limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    private static final class Lane {
        private int running;
        private double places = FIRST_PLACES;
        private int failures;
        private Instant pausedUntil = Instant.MIN;
        private Instant nextAllowed = Instant.MIN;
        private double secondsEach = 0.1;
        private int ahead;

        private boolean isForgettable(Instant now) {
            return running == 0 && failures == 0 && nextAllowed.isBefore(now);
        }
    }

    /** A place that is taken until it is given back. */
    record Place(String nextHop, Instant since) {}

    /** A place, or when to ask again. */
    sealed interface Answer {
        record Granted(Place place) implements Answer {}

        record Later(Instant at) implements Answer {}
    }

    /**
     * Asks for a place for a message to this next hop.
     *
     * @param expired whether it is too old to wait for the end of a pause
     */
    synchronized Answer ask(String nextHop, boolean expired) {
        Instant now = clock.instant();
        if (lanes.size() > MOST_REMEMBERED) {
            lanes.values().removeIf(lane -> lane.isForgettable(now));
        }
        Lane lane = lanes.computeIfAbsent(nextHop, _ -> new Lane());
        if (!(expired && lane.pausedUntil.isAfter(now))) {
            Optional<Instant> later = later(lane, now);
            if (later.isPresent()) {
                return new Answer.Later(later.get());
            }
        }
        int rate = limits.get().messagesPerMinute();
        if (rate > 0) {
            lane.nextAllowed = now.plus(Duration.ofMinutes(1).dividedBy(rate));
        }
        lane.running++;
        return new Answer.Granted(new Place(nextHop, now));
    }

    private Optional<Instant> later(Lane lane, Instant now) {
        DeliverySettings most = limits.get();
        if (lane.pausedUntil.isAfter(now)) {
            return Optional.of(lane.pausedUntil);
        }
        int places = (int) Math.max(1, Math.min(lane.places, most.sessionsPerDestination()));
        boolean tooFast = most.messagesPerMinute() > 0 && lane.nextAllowed.isAfter(now);
        if (lane.running < places && !tooFast) {
            return Optional.empty();
        }
        lane.ahead++;
        double seconds =
                tooFast
                        ? lane.ahead * 60.0 / most.messagesPerMinute()
                        : lane.ahead * lane.secondsEach / places;
        var wait = Duration.ofMillis((long) (seconds * 1_000));
        Duration bearable = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        return Optional.of(
                now.plus(bearable.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : bearable));
    }

    /** Gives a place back. */
    synchronized void leave(Place place) {
        Lane lane = lanes.get(place.nextHop());
        if (lane != null) {
            lane.running--;
            lane.ahead = Math.max(0, lane.ahead - 1);
            double took = Duration.between(place.since(), clock.instant()).toMillis() / 1_000.0;
            lane.secondsEach = 0.8 * lane.secondsEach + 0.2 * took;
        }
    }

    /** Tells whether a session with the next hop came about, or none of its servers had one. */
    synchronized void tried(String nextHop, boolean reached) {
        Lane lane = lanes.get(nextHop);
        if (lane == null) {
            return;
        }
        if (reached) {
            lane.failures = 0;
            lane.places = Math.min(100, lane.places + 1 / lane.places);
            return;
        }
        lane.failures++;
        lane.places = Math.max(1, lane.places / 2);
        if (lane.failures >= FAILURES_UNTIL_PAUSE) {
            int doubled = Math.min(lane.failures - FAILURES_UNTIL_PAUSE, 6);
            Duration pause = FIRST_PAUSE.multipliedBy(1L << doubled);
            lane.pausedUntil =
                    clock.instant()
                            .plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
        }
    }

    /** Whether a next hop is left alone now, because it could not be reached several times. */
    synchronized boolean isPaused(String nextHop) {
        Lane lane = lanes.get(nextHop);
        return lane != null && lane.pausedUntil.isAfter(clock.instant());
    }
}
