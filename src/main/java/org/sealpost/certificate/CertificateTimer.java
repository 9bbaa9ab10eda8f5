package org.sealpost.certificate;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks every minute whether a planned switch came due (listeners notice by themselves, outgoing
 * connections by this) and every hour whether a certificate is about to expire.
 */
@Component
class CertificateTimer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateTimer.class);
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;
    private static final int FIRST_CHECK = 5;

    private final ServerIdentities identities;
    private final ExpiryWatch watch;
    private @Nullable ScheduledExecutorService scheduler;

    CertificateTimer(ServerIdentities identities, ExpiryWatch watch) {
        this.identities = identities;
        this.watch = watch;
    }

    @Override
    public synchronized void start() {
        scheduler =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("certificate-timer").factory());
        every(MINUTE, MINUTE, identities::version);
        every(FIRST_CHECK, HOUR, watch::check);
    }

    private void every(int firstSeconds, int seconds, Runnable task) {
        Runnable guarded =
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("the watch over certificates failed; it is tried again", e);
                    }
                };
        ScheduledExecutorService running = scheduler;
        if (running != null) {
            var _ =
                    running.scheduleWithFixedDelay(
                            guarded, firstSeconds, seconds, TimeUnit.SECONDS);
        }
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
