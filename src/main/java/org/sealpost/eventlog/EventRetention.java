package org.sealpost.eventlog;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.RetentionSettings;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Deletes rows that are too old, and the oldest of too many, in steps that hold up nobody. */
@Component
class EventRetention implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EventRetention.class);
    private static final int MOST_AT_ONCE = 1_000;
    private static final int PERIOD_MINUTES = 5;

    private final EventTable table;
    private final WatchRows watches;
    private final Settings settings;
    private final Clock clock;
    private volatile @Nullable ScheduledExecutorService schedule;

    EventRetention(EventTable table, WatchRows watches, Settings settings, Clock clock) {
        this.table = table;
        this.watches = watches;
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns how many rows went. */
    long deleteTooOld() {
        long oldest =
                EventIds.firstAt(
                        clock.instant().minus(settings.get(RetentionSettings.SECTION).events()));
        long all = 0;
        int deleted;
        do {
            deleted = table.deleteBefore(oldest, MOST_AT_ONCE);
            all += deleted;
        } while (deleted == MOST_AT_ONCE && isRunning());
        watches.deleteEndedBefore(EventIds.timeOf(oldest));
        return all + deleteTooMany();
    }

    /** The size is reckoned from the newest rows: to add all of them up would read them all. */
    private long deleteTooMany() {
        RetentionSettings retention = settings.get(RetentionSettings.SECTION);
        Integer megabytes = retention.eventsMegabytes();
        long each = table.octetsOfOne();
        if (megabytes == null || each == 0) {
            return 0;
        }
        long surplus = table.rows() - megabytes * 1_000_000L / each;
        long all = 0;
        while (all < surplus && (all == 0 || isRunning())) {
            int deleted = table.deleteOldest((int) Math.min(MOST_AT_ONCE, surplus - all));
            if (deleted == 0) {
                return all;
            }
            all += deleted;
        }
        return all;
    }

    private void run() {
        try {
            deleteTooOld();
        } catch (RuntimeException e) {
            LOG.error("old connection events cannot be deleted; trying again", e);
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("event-retention").factory());
        var _ =
                started.scheduleWithFixedDelay(
                        this::run, PERIOD_MINUTES, PERIOD_MINUTES, TimeUnit.MINUTES);
        schedule = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = schedule;
        schedule = null;
        if (started != null) {
            started.shutdown(); // an interrupt within H2 would close the database
        }
    }

    @Override
    public boolean isRunning() {
        return schedule != null;
    }
}
