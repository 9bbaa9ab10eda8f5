package org.sealpost.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.StartupRefused;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Opens the queue after the settings are there and before anything accepts or delivers mail. */
@Component
class QueueStart implements SmartLifecycle {

    private static final int PHASE = -500;

    private final SealpostHome home;
    private final SpoolIdentity identity;
    private final SpoolQueue queue;
    private volatile boolean running;

    QueueStart(SealpostHome home, SpoolIdentity identity, SpoolQueue queue) {
        this.home = home;
        this.identity = identity;
        this.queue = queue;
    }

    @Override
    public void start() {
        identity.require();
        try {
            queue.reconcile();
        } catch (IOException | UncheckedIOException e) {
            throw new StartupRefused(
                    "The spool folder " + home.resolve("spool") + " cannot be read: " + e + ".",
                    "Make it readable and writable for the user that runs Sealpost.",
                    e);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
