package org.sealpost.queue;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Opens the queue after the settings are there and before anything accepts or delivers mail. */
@Component
class QueueStart implements SmartLifecycle {

    private static final int PHASE = -500;

    private final StoredQueue queue;
    private volatile boolean running;

    QueueStart(StoredQueue queue) {
        this.queue = queue;
    }

    @Override
    public void start() {
        queue.open();
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
