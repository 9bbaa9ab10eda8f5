package org.sealpost.selftest;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.events.SelfTestWorsened;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Runs the tests that wait, a few at once and none for longer than a minute. Those of a batch have
 * their own queue, so that nobody waits for a thousand others.
 */
@Component
class Runner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final int AT_ONCE = 4;
    private static final int OF_BATCHES_AT_ONCE = 4;

    /** Leaves the rest of the minute for writing the result down. */
    private static final Duration LONGEST = Duration.ofSeconds(57);

    private final SelfTestRows rows;
    private final DestinationTest destinations;
    private final ListenerTest listeners;
    private final Changes changes;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Duration longest;
    private final ConcurrentHashMap<Long, Run> runs = new ConcurrentHashMap<>();
    private volatile @Nullable Queues queues;

    /** The threads for single tests and those for batches. */
    private record Queues(ExecutorService single, ExecutorService batches) {

        ExecutorService of(Run run) {
            return run.batch() == null ? single : batches;
        }

        void close() {
            batches.close(); // an interrupt within H2 would close the database
            single.close();
        }
    }

    @Autowired
    Runner(
            SelfTestRows rows,
            DestinationTest destinations,
            ListenerTest listeners,
            Changes changes,
            ApplicationEventPublisher events,
            Clock clock) {
        this(rows, destinations, listeners, changes, events, clock, LONGEST);
    }

    /**
     * @param longest how long a test may take
     */
    Runner(
            SelfTestRows rows,
            DestinationTest destinations,
            ListenerTest listeners,
            Changes changes,
            ApplicationEventPublisher events,
            Clock clock,
            Duration longest) {
        this.rows = rows;
        this.destinations = destinations;
        this.listeners = listeners;
        this.changes = changes;
        this.events = events;
        this.clock = clock;
        this.longest = longest;
    }

    /**
     * Lets a stored test wait for its turn.
     *
     * @param batch which it is part of; null for one that was started alone
     */
    void enqueue(long id, Order order, @Nullable Long batch) {
        var run = new Run(id, order, batch);
        runs.put(id, run);
        Queues open = queues;
        if (open == null) {
            finish(run, SelfTestState.FAILED, stopped());
        } else {
            open.of(run).execute(() -> run(run));
        }
    }

    /** Whether a test waits or runs. */
    boolean isOpen(long id) {
        return runs.containsKey(id);
    }

    /** How many wait or run that are of no batch. */
    long waiting() {
        return runs.values().stream().filter(run -> run.batch() == null).count();
    }

    /** Whether a batch has tests that wait or run. */
    boolean isOpenBatch(long batch) {
        return runs.values().stream().anyMatch(run -> run.isOf(batch));
    }

    /** What a test that is not over has shown; empty for all others. */
    Optional<Report> sofar(long id) {
        return Optional.ofNullable(runs.get(id)).map(Run::sofar);
    }

    /** Ends a test early; it is over at once. */
    void cancel(long id) {
        Run run = runs.get(id);
        if (run != null) {
            cancel(run);
        }
    }

    /** Ends those of a batch that wait or run; they are over at once. */
    void cancelBatch(long batch) {
        Map<Boolean, List<Run>> open =
                runs.values().stream()
                        .filter(run -> run.isOf(batch))
                        .collect(Collectors.partitioningBy(Run::endQueued));
        // In one statement, since thousands may wait; those that run keep what they have shown.
        rows.cancelQueued(batch, clock.instant(), cancelled(Report.NOTHING));
        for (Run waited : open.getOrDefault(true, List.of())) {
            runs.remove(waited.id(), waited);
            changes.turned(waited);
        }
        open.getOrDefault(false, List.of()).forEach(this::cancel);
    }

    private void cancel(Run run) {
        finish(run, SelfTestState.CANCELLED, cancelled(run.sofar()));
        run.result().complete(run.sofar());
    }

    private void run(Run run) {
        try {
            if (!run.begin()) {
                return;
            }
            rows.begin(run.id(), clock.instant());
            changes.turned(run);
            Thread.ofVirtual().name("self-test-" + run.id()).start(() -> test(run));
            done(run, run.result().get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException tooLong) {
            finish(
                    run,
                    SelfTestState.FAILED,
                    run.sofar().withSummary("The test took longer than a minute and was ended."));
        } catch (ExecutionException | RuntimeException e) {
            LOG.error("self-test {} failed in Sealpost itself", run.id(), e);
            finish(
                    run,
                    SelfTestState.FAILED,
                    run.sofar().withSummary("Sealpost failed to run the test; the log says why."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void test(Run run) {
        Consumer<Report> progress =
                sofar -> {
                    run.shows(sofar);
                    changes.shown(run);
                };
        try {
            run.result()
                    .complete(
                            switch (run.order()) {
                                case Order.OfServers(var _, var permit) ->
                                        destinations.run(permit, run.visitor(), progress);
                                case Order.OfListener(var subject, var mailbox) ->
                                        listeners.run(
                                                subject.name(), mailbox, run.visitor(), progress);
                            });
        } catch (RuntimeException e) {
            run.result().completeExceptionally(e);
        }
    }

    /** Compares with the test before; what got worse is told once it is stored. */
    private void done(Run run, Report report) {
        if (run.isOver()) {
            return; // cancelled
        }
        List<String> worse =
                rows.before(run.id(), run.order().subject())
                        .map(before -> Worsening.between(before, report, clock.instant()))
                        .orElse(List.of());
        if (finish(run, SelfTestState.DONE, report.withWorse(worse)) && !worse.isEmpty()) {
            String name = run.order().subject().name();
            events.publishEvent(
                    new SelfTestWorsened(
                            run.id(),
                            name,
                            "self-test of " + name + ": " + String.join(" ", worse)));
        }
    }

    private boolean finish(Run run, SelfTestState state, Report report) {
        if (!run.end()) {
            return false;
        }
        try {
            rows.finish(run.id(), state, clock.instant(), report);
        } catch (RuntimeException e) {
            LOG.error("the result of self-test {} cannot be stored", run.id(), e);
        } finally {
            runs.remove(run.id(), run);
            changes.turned(run);
        }
        return true;
    }

    private static Report stopped() {
        return Report.NOTHING.withSummary("Sealpost was stopped before the test was over.");
    }

    private static Report cancelled(Report sofar) {
        return sofar.withSummary("The test was cancelled.");
    }

    @Override
    public void start() {
        rows.abandon(clock.instant(), stopped());
        queues =
                new Queues(
                        threads("self-tests-", AT_ONCE),
                        threads("self-tests-of-batches-", OF_BATCHES_AT_ONCE));
    }

    private static ExecutorService threads(String name, int atOnce) {
        return Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().name(name, 0).factory());
    }

    @Override
    public void stop() {
        Queues open = queues;
        queues = null;
        if (open != null) {
            runs.values().forEach(this::cancel);
            open.close();
        }
    }

    @Override
    public boolean isRunning() {
        return queues != null;
    }
}
