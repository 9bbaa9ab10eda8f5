package org.sealpost.audit;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
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

/**
 * Deletes entries that are older than the retention, in small steps, and after them the files of
 * months that hold no younger one. The newest entry always stays: ids go on from it.
 */
@Component
class AuditRetention implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRetention.class);
    private static final int MOST_AT_ONCE = 1_000;
    private static final int PERIOD_MINUTES = 60;

    private final AuditRows rows;
    private final AuditFiles files;
    private final Settings settings;
    private final Clock clock;
    private volatile @Nullable ScheduledExecutorService schedule;

    AuditRetention(AuditRows rows, AuditCopy copy, Settings settings, Clock clock) {
        this.rows = rows;
        this.files = copy.files();
        this.settings = settings;
        this.clock = clock;
    }

    private void run() {
        Instant oldest = clock.instant().minus(settings.get(RetentionSettings.SECTION).audit());
        try {
            while (deleteSome(rows, files, oldest) && isRunning()) {
                // until none is left
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("old audit entries cannot be deleted; trying again", e);
        }
    }

    /**
     * Deletes a bounded number of rows, or, when there is none left, the files; whether to go on.
     */
    static boolean deleteSome(AuditRows rows, AuditFiles files, Instant oldest) throws IOException {
        int deleted = rows.deleteBefore(oldest, MOST_AT_ONCE);
        if (deleted == 0) {
            int months = files.deleteBefore(oldest);
            if (months > 0) {
                LOG.info("{} audit files are older than the retention and deleted", months);
            }
        }
        return deleted > 0;
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("audit-retention").factory());
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
