package org.sealpost.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.events.DeliveryAttempted.Step;
import org.sealpost.tls.SessionDetail;

/**
 * The dialogue of an attempt: commands and replies with their times, never a body or a password.
 */
final class Transcript {

    private static final int MOST_LINES = 500;
    private static final int MOST_LINES_IN_DETAIL = 5_000;

    private final Clock clock;
    private final Consumer<Transcript> onStage;
    private final Listener listener;
    private final Instant begun;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Stage, Passage> stages = new EnumMap<>(Stage.class);
    private @Nullable Passage current;
    private boolean smtpSpoken;

    Transcript(Clock clock) {
        this(clock, _ -> {});
    }

    /**
     * @param onStage told of each stage that begins
     */
    Transcript(Clock clock, Consumer<Transcript> onStage) {
        this(clock, onStage, Listener.NONE);
    }

    /**
     * @param listener hears each line when it comes
     */
    Transcript(Clock clock, Listener listener) {
        this(clock, _ -> {}, listener);
    }

    private Transcript(Clock clock, Consumer<Transcript> onStage, Listener listener) {
        this.clock = clock;
        this.onStage = onStage;
        this.listener = listener;
        this.begun = clock.instant();
    }

    /** Somebody who watches, at a log level of 0 to 4. */
    interface Listener {
        Listener NONE =
                new Listener() {
                    @Override
                    public int detail() {
                        return 0;
                    }

                    @Override
                    public void hear(Step line) {}
                };

        int detail();

        /** A line that is told at this level of detail. */
        void hear(Step line);
    }

    /** One stage's part. */
    private static final class Passage {
        private long millis;
        private Instant since;
        private final List<Step> lines = new ArrayList<>();

        Passage(Instant since) {
            this.since = since;
        }
    }

    /** Begins a stage, or goes on with one that a second connection repeats. */
    void enter(Stage stage) {
        Instant now = clock.instant();
        leave(now);
        Passage entered = stages.computeIfAbsent(stage, _ -> new Passage(now));
        entered.since = now;
        current = entered;
        onStage.accept(this);
    }

    /** The last stage ends here. */
    void end() {
        leave(clock.instant());
        current = null;
    }

    private void leave(Instant now) {
        Passage left = current;
        if (left != null) {
            left.millis += Duration.between(left.since, now).toMillis();
        }
    }

    void client(String line) {
        add(SessionDetail.DIALOGUE, "C: " + line);
    }

    void server(String reply) {
        smtpSpoken |=
                reply.startsWith("2")
                        && (current == stages.get(Stage.EHLO)
                                || current == stages.get(Stage.EHLO_AGAIN));
        reply.lines().forEach(line -> add(SessionDetail.DIALOGUE, "S: " + line));
    }

    void note(String line) {
        note(SessionDetail.CHECKS, line);
    }

    /** A sentence of ours that is told live from this log level on. */
    void note(int level, String line) {
        add(level, line);
    }

    /** Whether the session's log level is this or a higher one. */
    boolean tells(int level) {
        return listener.detail() >= level;
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    /**
     * The stages entered so far. What the other end said is left out until it has answered EHLO:
     * before that it may be no mail server and not for these eyes.
     */
    List<ServerLook.Reached> stages() {
        return stages.entrySet().stream()
                .map(stage ->
                        new ServerLook.Reached(
                                stage.getKey(),
                                stage.getValue().millis,
                                stage.getValue().lines.stream()
                                        .map(line -> smtpSpoken ? line : discreet(line))
                                        .toList()))
                .toList();
    }

    private static Step discreet(Step step) {
        if (!step.line().startsWith("S: ")) {
            return step;
        }
        String code =
                step.line().matches("S: [2-5][0-9]{2}([ -].*)?") ? step.line().substring(3, 6) : "";
        return new Step(step.afterMillis(), ("S: " + code + " (not shown: EHLO was not answered)"));
    }

    private void add(int level, String line) {
        var step = new Step(Duration.between(begun, clock.instant()).toMillis(), line);
        if (tells(level)) {
            listener.hear(step);
        }
        if (steps.size() < (tells(SessionDetail.DIALOGUE) ? MOST_LINES_IN_DETAIL : MOST_LINES)) {
            steps.add(step);
            Passage passage = current;
            if (passage != null) {
                passage.lines.add(step);
            }
        }
    }
}
