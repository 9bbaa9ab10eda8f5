package org.sealpost.queue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.sealpost.mail.QueueId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces the removal of delivered messages in groups, within 100 ms: a power cut before that
 * delivers them once more, which is the price of not forcing each.
 */
final class Removals {

    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);
    private static final long GROUP_MILLIS = 50;

    private final Spool spool;
    private final LinkedBlockingQueue<QueueId> waiting = new LinkedBlockingQueue<>();
    private final Thread worker;
    private volatile boolean closing;

    Removals(Spool spool) {
        this.spool = spool;
        worker = Thread.ofVirtual().name("spool-removals").start(this::run);
    }

    void force(QueueId id) {
        waiting.add(id);
    }

    private void run() {
        while (!closing || !waiting.isEmpty()) {
            try {
                QueueId first = waiting.poll(GROUP_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    Set<QueueId> group = new HashSet<>(Set.of(first));
                    waiting.drainTo(group);
                    forceAll(group);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void forceAll(Set<QueueId> group) {
        for (QueueId id : group) {
            try {
                spool.forceRemoval(id);
            } catch (IOException e) {
                LOG.error("the removal of message {} could not be forced", id, e);
            }
        }
    }

    void close() {
        closing = true;
        try {
            worker.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
