package org.sealpost.eventlog;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;

/** Writes what the buffer holds to the table, in batches, on one virtual thread. */
final class EventWriter {

    /** Where the rows go. */
    interface Sink {
        void insert(List<LogEntry> entries);
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final int MOST_IN_BATCH = 500;
    private static final long GATHER_MILLIS = 100;
    private static final int LAST_TRIES = 3;

    private final EventBuffer buffer;
    private final Sink sink;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    EventWriter(EventBuffer buffer, Sink sink) {
        this.buffer = buffer;
        this.sink = sink;
        this.thread = Thread.ofVirtual().name("event-writer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            for (List<LogEntry> batch = next(); !batch.isEmpty(); batch = next()) {
                write(batch);
                noteLost(buffer.written(batch));
            }
        } catch (InterruptedException e) {
            LOG.error("the event writer was interrupted", e);
        }
    }

    private List<LogEntry> next() throws InterruptedException {
        return buffer.nextBatch(MOST_IN_BATCH, GATHER_MILLIS);
    }

    private void write(List<LogEntry> batch) throws InterruptedException {
        int tries = 0;
        while (true) {
            try {
                sink.insert(batch);
                if (tries > 0) {
                    LOG.info("connection events are written again");
                }
                return;
            } catch (DataIntegrityViolationException e) {
                batch.forEach(this::writeAlone);
                return;
            } catch (RuntimeException e) {
                if (tries++ == 0) {
                    LOG.error("connection events cannot be written; they wait in memory", e);
                }
            }
            boolean last = closing.await(1, TimeUnit.SECONDS);
            if (last && tries >= LAST_TRIES) {
                LOG.error("{} connection events are lost at shutdown", batch.size());
                return;
            }
        }
    }

    /** One row that the database refuses must not keep the others out. */
    private void writeAlone(LogEntry entry) {
        try {
            sink.insert(List.of(entry));
        } catch (DuplicateKeyException e) {
            LOG.debug("event {} had been written already", entry.id());
        } catch (RuntimeException e) {
            LOG.error("the event “{}” cannot be written", entry.event().text(), e);
        }
    }

    private void noteLost(long lost) {
        if (lost == 0) {
            return;
        }
        String text =
                lost
                        + " events of sessions and queued messages were not kept: they came faster"
                        + " than the database took them. Outcomes of deliveries were all kept.";
        LOG.warn(text);
        buffer.addOutcome(id -> ConnectionEvent.internal(id, "note", text));
    }

    /** Writes what is left; never interrupts, since an interrupt within H2 closes its file. */
    void close(long millis) {
        closing.countDown();
        buffer.close();
        try {
            if (!thread.join(Duration.ofMillis(millis))) {
                LOG.error("connection events could not all be written before the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
