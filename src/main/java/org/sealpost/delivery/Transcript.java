package org.sealpost.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.delivery.events.DeliveryAttempted.Step;

/**
 * The dialogue of an attempt: commands and replies with their times, never a body or a password.
 */
final class Transcript {

    private static final int MOST_LINES = 500;

    private final Clock clock;
    private final Instant begun;
    private final List<Step> steps = new ArrayList<>();

    Transcript(Clock clock) {
        this.clock = clock;
        this.begun = clock.instant();
    }

    void client(String line) {
        add("C: " + line);
    }

    void server(String reply) {
        reply.lines().forEach(line -> add("S: " + line));
    }

    void note(String line) {
        add(line);
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    private void add(String line) {
        if (steps.size() < MOST_LINES) {
            steps.add(new Step(Duration.between(begun, clock.instant()).toMillis(), line));
        }
    }
}
