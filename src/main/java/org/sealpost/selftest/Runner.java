package org.sealpost.selftest;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ServerLooks.Visitor;
import org.sealpost.selftest.events.SelfTestWorsened;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Runs the tests that wait, a few at once and none for longer than a minute. */
@Component
class Runner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final int AT_ONCE = 4;

    /** Leaves the rest of the minute for writing the result down. */
    private static final Duration LONGEST = Duration.ofSeconds(57);

    private final SelfTestRows rows;
    private final DestinationTest destinations;
    private final ListenerTest listeners;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final ConcurrentHashMap<Long, Run> runs = new ConcurrentHashMap<>();
    private volatile @Nullable ExecutorService threads;

    Runner(
            SelfTestRows rows,
            DestinationTest destinations,
            ListenerTest listeners,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.destinations = destinations;
        this.listeners = listeners;
        this.events = events;
        this.clock = clock;
    }

    /** A test that waits or runs. */
    private static final class Run {
        private final long id;
        private final Order order;
        private final Visitor visitor = new Visitor();
        private final CompletableFuture<Report> result = new CompletableFuture<>();
        private volatile Report sofar = Report.NOTHING;
        private final AtomicBoolean over = new AtomicBoolean();

        Run(long id, Order order) {
            this.id = id;
            this.order = order;
        }
    }

    /** Lets a stored test wait for its turn. */
    void enqueue(long id, Order order) {
        var run = new Run(id, order);
        runs.put(id, run);
        ExecutorService executor = threads;
        if (executor == null) {
            finish(run, SelfTestState.FAILED, stopped());
        } else {
            executor.execute(() -> run(run));
        }
    }

    /** Whether a test waits or runs. */
    boolean isOpen(long id) {
        return runs.containsKey(id);
    }

    int waiting() {
        return runs.size();
    }

    /** What a test that is not over has shown; empty for all others. */
    Optional<Report> sofar(long id) {
        return Optional.ofNullable(runs.get(id)).map(run -> run.sofar);
    }

    /** Ends a test early; it is over at once. */
    void cancel(long id) {
        Run run = runs.get(id);
        if (run != null) {
            cancel(run);
        }
    }

    private void cancel(Run run) {
        finish(run, SelfTestState.CANCELLED, run.sofar.withSummary("The test was cancelled."));
        run.result.complete(run.sofar);
    }

    private void run(Run run) {
        try {
            if (run.over.get()) {
                return;
            }
            rows.begin(run.id, clock.instant());
            Thread.ofVirtual().name("self-test-" + run.id).start(() -> test(run));
            done(run, run.result.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException tooLong) {
            finish(
                    run,
                    SelfTestState.FAILED,
                    run.sofar.withSummary("The test took longer than a minute and was ended."));
        } catch (ExecutionException | RuntimeException e) {
            LOG.error("self-test {} failed in Sealpost itself", run.id, e);
            finish(
                    run,
                    SelfTestState.FAILED,
                    run.sofar.withSummary("Sealpost failed to run the test; the log says why."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void test(Run run) {
        Consumer<Report> progress = sofar -> run.sofar = sofar;
        try {
            run.result.complete(
                    switch (run.order) {
                        case Order.OfServers(var _, var permit) ->
                                destinations.run(permit, run.visitor, progress);
                        case Order.OfListener(var subject) ->
                                listeners.run(subject.name(), progress);
                    });
        } catch (RuntimeException e) {
            run.result.completeExceptionally(e);
        }
    }

    /** Compares with the test before; what got worse is told once it is stored. */
    private void done(Run run, Report report) {
        List<String> worse =
                rows.before(run.id, run.order.subject())
                        .map(before -> Worsening.between(before, report, clock.instant()))
                        .orElse(List.of());
        finish(run, SelfTestState.DONE, report.withWorse(worse));
        if (!worse.isEmpty()) {
            String name = run.order.subject().name();
            events.publishEvent(
                    new SelfTestWorsened(
                            run.id, name, "self-test of " + name + ": " + String.join(" ", worse)));
        }
    }

    private void finish(Run run, SelfTestState state, Report report) {
        if (!run.over.compareAndSet(false, true)) {
            return;
        }
        run.visitor.close();
        try {
            rows.finish(run.id, state, clock.instant(), report);
        } catch (RuntimeException e) {
            LOG.error("the result of self-test {} cannot be stored", run.id, e);
        } finally {
            runs.remove(run.id);
        }
    }

    private static Report stopped() {
        return Report.NOTHING.withSummary("Sealpost was stopped before the test was over.");
    }

    @Override
    public void start() {
        rows.abandon(clock.instant(), stopped());
        threads =
                Executors.newFixedThreadPool(
                        AT_ONCE, Thread.ofVirtual().name("self-tests-", 0).factory());
    }

    @Override
    public void stop() {
        ExecutorService running = threads;
        threads = null;
        if (running != null) {
            runs.values().forEach(this::cancel);
            running.close(); // an interrupt within H2 would close the database
        }
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }
}
