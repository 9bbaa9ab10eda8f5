package org.sealpost.eventlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/**
 * The newest events in memory, and those among them that still wait to be written. Whoever adds one
 * only ever waits for this lock, which nobody holds while doing I/O, except that the publisher of
 * an outcome is slowed down for a moment while very many wait.
 */
final class EventBuffer {

    /** How much is remembered and how much may wait; beyond that, finer events are not written. */
    record Bounds(int remembered, long weight, int waiting, int outcomesWaiting) {
        static final Bounds STANDARD = new Bounds(5_000, 16_000_000, 5_000, 20_000);
    }

    private static final long SLOWED_MILLIS = 500;

    private final Bounds bounds;
    private final EventIds ids;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final TreeMap<Long, LogEntry> remembered = new TreeMap<>();
    private final ArrayDeque<LogEntry> waiting = new ArrayDeque<>();
    private long weight;
    private long forgottenUpTo;
    private long writtenUpTo;
    private long lastToWrite;
    private long notKept;
    private long neverKept;
    private boolean hurried;
    private boolean closed;

    EventBuffer(EventIds ids, Bounds bounds) {
        this.ids = ids;
        this.bounds = bounds;
        this.forgottenUpTo = ids.last();
        this.writtenUpTo = ids.last();
        this.lastToWrite = ids.last();
    }

    /** A delivery's outcome, which is always kept. */
    void addOutcome(LongFunction<ConnectionEvent> withId) {
        lock.lock();
        try {
            add(withId, true);
            long patience = TimeUnit.MILLISECONDS.toNanos(SLOWED_MILLIS);
            while (waiting.size() > bounds.outcomesWaiting() && patience > 0 && !closed) {
                patience = written.awaitNanos(patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** A finer event, which is shown but not written while too many wait. */
    void add(LongFunction<ConnectionEvent> withId) {
        lock.lock();
        try {
            boolean room = waiting.size() < bounds.waiting();
            if (!room) {
                notKept++;
                neverKept++;
            }
            add(withId, room);
        } finally {
            lock.unlock();
        }
    }

    /** A step that is only shown: what it tells stands again in a row that is kept. */
    void show(LongFunction<ConnectionEvent> withId) {
        lock.lock();
        try {
            add(withId, false);
        } finally {
            lock.unlock();
        }
    }

    /** How many events were never written since the start. */
    long neverKept() {
        lock.lock();
        try {
            return neverKept;
        } finally {
            lock.unlock();
        }
    }

    private void add(LongFunction<ConnectionEvent> withId, boolean kept) {
        var entry = LogEntry.of(withId.apply(ids.next()), kept);
        remembered.put(entry.id(), entry);
        weight += entry.weight();
        if (kept) {
            waiting.add(entry);
            lastToWrite = entry.id();
        }
        forgetOldest();
        added.signalAll();
    }

    /** What waits to be written is never forgotten: a follower would not find it in the table. */
    private void forgetOldest() {
        while (remembered.size() > bounds.remembered() || weight > bounds.weight()) {
            LogEntry oldest = remembered.firstEntry().getValue();
            if (oldest.kept() && oldest.id() > writtenUpTo) {
                return;
            }
            remembered.pollFirstEntry();
            weight -= oldest.weight();
            forgottenUpTo = oldest.id();
        }
    }

    /** The smallest id that is sure to be smaller than all that will be added. */
    long last() {
        lock.lock();
        try {
            return ids.last();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is to be written next, gathered for a moment; empty when the buffer was closed and all
     * is written.
     */
    List<LogEntry> nextBatch(int most, long gatherMillis) throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                added.await();
            }
            long left = TimeUnit.MILLISECONDS.toNanos(gatherMillis);
            while (waiting.size() < most && left > 0 && !hurried && !closed) {
                left = added.awaitNanos(left);
            }
            hurried = false;
            return waiting.stream().limit(most).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a batch off the waiting ones once it is written.
     *
     * @return how many finer events were not kept since the last call, when there is room again
     */
    long written(List<LogEntry> batch) {
        lock.lock();
        try {
            batch.forEach(entry -> waiting.removeFirst());
            writtenUpTo = Math.max(writtenUpTo, batch.getLast().id());
            forgetOldest();
            written.signalAll();
            long lost = waiting.size() < bounds.waiting() ? notKept : 0;
            notKept -= lost;
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything added so far is written; false when that takes too long. */
    boolean awaitWritten(long millis) {
        lock.lock();
        try {
            long wanted = lastToWrite;
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (writtenUpTo < wanted) {
                if (left <= 0) {
                    return false;
                }
                hurried = true;
                added.signalAll();
                left = written.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What follows an id.
     *
     * @param forgotten the id up to which the events are no longer remembered: those between have
     *     to be looked for in the table
     */
    record Following(List<LogEntry> entries, long forgotten) {}

    /**
     * Waits a while for events behind {@code id} unless there are some already.
     *
     * @param stop asked anew after each {@link #wake}
     */
    Following after(long id, int most, long waitMillis, BooleanSupplier stop)
            throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            while (ids.last() <= id && left > 0 && !closed && !stop.getAsBoolean()) {
                left = added.awaitNanos(left);
            }
            List<LogEntry> entries =
                    new ArrayList<>(
                            remembered.tailMap(id, false).values().stream().limit(most).toList());
            return new Following(entries, forgottenUpTo);
        } finally {
            lock.unlock();
        }
    }

    /** Makes followers ask whether they are to stop. */
    void wake() {
        lock.lock();
        try {
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody: the writer writes what is left, publishers and followers stop waiting. */
    void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
