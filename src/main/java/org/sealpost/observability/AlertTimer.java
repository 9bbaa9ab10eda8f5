package org.sealpost.observability;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Asks every five minutes what needs a person. */
@Component
class AlertTimer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AlertTimer.class);
    private static final int MINUTES = 5;

    private final List<AlertSource> sources;
    private final AlertMail mail;
    private final Clock clock;
    private @Nullable ScheduledExecutorService scheduler;

    AlertTimer(List<AlertSource> sources, AlertMail mail, Clock clock) {
        this.sources = sources;
        this.mail = mail;
        this.clock = clock;
    }

    /** Each source by itself: one that fails keeps no other from being told. */
    void check() {
        Instant now = clock.instant();
        for (AlertSource source : sources) {
            try {
                mail.tell(source.at(now), now);
            } catch (RuntimeException e) {
                LOG.error("a look for what needs a person failed; it is tried again", e);
            }
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService starting =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("alerts").factory());
        var _ = starting.scheduleWithFixedDelay(this::check, MINUTES, MINUTES, TimeUnit.MINUTES);
        scheduler = starting;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = scheduler;
        if (running != null) {
            running.shutdown(); // an interrupt within H2 would close the database
            scheduler = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return scheduler != null;
    }
}
