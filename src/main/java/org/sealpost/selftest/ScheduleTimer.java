package org.sealpost.selftest;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotAllowed;
import org.sealpost.selftest.BatchStart.By;
import org.sealpost.selftest.ScheduleRows.Row;
import org.sealpost.settings.RetentionSettings;
import org.sealpost.settings.Settings;
import org.sealpost.tls.TlsLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Starts the tests that are due, and deletes those that are older than the retention. */
@Component
class ScheduleTimer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleTimer.class);
    private static final String SCHEDULE = "schedule";
    private static final int MOST_WAITING = 200;
    private static final int DELETED_AT_ONCE = 500;
    private static final int RETENTION_MINUTES = 5;

    private final ScheduleRows schedules;
    private final SelfTestRows tests;
    private final BatchRows batches;
    private final BatchStart starts;
    private final Orders orders;
    private final Runner runner;
    private final Settings settings;
    private final Clock clock;

    /** The last test of each schedule; used by the timer's thread only. */
    private final Map<Long, Last> last = new HashMap<>();

    private volatile @Nullable ScheduledExecutorService timer;

    private record Last(long testId, Instant at) {}

    ScheduleTimer(
            ScheduleRows schedules,
            SelfTestRows tests,
            BatchRows batches,
            BatchStart starts,
            Orders orders,
            Runner runner,
            Settings settings,
            Clock clock) {
        this.schedules = schedules;
        this.tests = tests;
        this.batches = batches;
        this.starts = starts;
        this.orders = orders;
        this.runner = runner;
        this.settings = settings;
        this.clock = clock;
    }

    private void tick() {
        try {
            List<Row> known = schedules.all();
            last.keySet().retainAll(known.stream().map(row -> row.schedule().id()).toList());
            known.stream().filter(row -> !row.isOfRules()).filter(this::isDue).forEach(this::start);
            known.stream().filter(Row::isOfRules).filter(this::isNight).forEach(this::startRules);
        } catch (RuntimeException e) {
            LOG.error("the schedules of self-tests cannot be looked at; trying again", e);
        }
    }

    /** A test that still waits or runs is not started a second time. */
    private boolean isDue(Row row) {
        Last before = last.get(row.schedule().id());
        if (before == null) {
            before = stored(row);
        }
        if (before == null) {
            return true;
        }
        last.put(row.schedule().id(), before);
        return !runner.isOpen(before.testId())
                && !clock.instant().isBefore(before.at().plus(row.schedule().every()));
    }

    private boolean isNight(Row row) {
        return Nights.isDue(
                row.schedule().createdAt(),
                batches.lastOfSchedule(row.subject().name()).orElse(null),
                clock.instant(),
                ZoneOffset.UTC);
    }

    private void startRules(Row row) {
        String level = row.subject().name();
        long batch =
                starts.start(
                        starts.ofRules(level, TlsLevel.parse(level).orElse(TlsLevel.FINGERPRINT)),
                        new By(SCHEDULE, row.schedule().createdBy(), row.administrator()),
                        _ -> {});
        LOG.info("the rules at {} and above are tested as batch {}", level, batch);
    }

    /** After a restart the history tells when it was last tested. */
    private @Nullable Last stored(Row row) {
        return tests.last(row.subject(), SCHEDULE)
                .filter(test -> !test.createdAt().isBefore(row.schedule().createdAt()))
                .map(test -> new Last(test.id(), test.createdAt()))
                .orElse(null);
    }

    private void start(Row row) {
        if (runner.waiting() >= MOST_WAITING) {
            return; // it stays due
        }
        Instant now = clock.instant();
        try {
            Order order = orders.ofSchedule(row.asked(), row.administrator());
            long id = tests.insert(order.subject(), SCHEDULE, row.schedule().createdBy(), now);
            last.put(row.schedule().id(), new Last(id, now));
            runner.enqueue(id, order, null);
        } catch (NotAllowed | InvalidInput refused) {
            long id = tests.insert(row.subject(), SCHEDULE, row.schedule().createdBy(), now);
            last.put(row.schedule().id(), new Last(id, now));
            tests.finish(
                    id,
                    SelfTestState.FAILED,
                    now,
                    Report.NOTHING.withSummary(String.valueOf(refused.getMessage())));
        }
    }

    /** Returns how many were too old. */
    int deleteTooOld() {
        Instant oldest = clock.instant().minus(settings.get(RetentionSettings.SECTION).selfTests());
        int all = 0;
        int deleted;
        do {
            deleted = tests.deleteBefore(oldest, DELETED_AT_ONCE);
            all += deleted;
        } while (deleted > 0 && isRunning());
        batches.deleteBefore(oldest);
        return all;
    }

    private void forget() {
        try {
            deleteTooOld();
        } catch (RuntimeException e) {
            LOG.error("old self-tests cannot be deleted; trying again", e);
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("self-test-schedules").factory());
        var _ = started.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        var _ =
                started.scheduleWithFixedDelay(
                        this::forget, RETENTION_MINUTES, RETENTION_MINUTES, TimeUnit.MINUTES);
        timer = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = timer;
        timer = null;
        if (started != null) {
            started.shutdown(); // an interrupt within H2 would close the database
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }
}
