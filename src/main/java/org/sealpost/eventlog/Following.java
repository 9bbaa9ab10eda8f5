package org.sealpost.eventlog;

import java.util.List;
import org.sealpost.eventlog.ConnectionEvents.Follower;
import org.sealpost.eventlog.ConnectionEvents.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One follower with a thread of its own. It has no buffer that could overflow: it knows the last id
 * it told, reads on from memory, and from the table when it is too late for that.
 */
final class Following implements Subscription, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final int MOST_AT_ONCE = 100;
    private static final long QUIET_MILLIS = 15_000;
    // Under load a follower looks twenty times a second, instead of once for every event.
    private static final long BREATH_MILLIS = 50;

    private final EventBuffer buffer;
    private final EventTable table;
    private final EventFilter filter;
    private final Follower follower;
    private final Runnable atEnd;
    private volatile boolean closed;
    private long cursor;

    Following(
            EventBuffer buffer,
            EventTable table,
            EventFilter filter,
            long cursor,
            Follower follower,
            Runnable atEnd) {
        this.buffer = buffer;
        this.table = table;
        this.filter = filter;
        this.cursor = cursor;
        this.follower = follower;
        this.atEnd = atEnd;
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                EventBuffer.Following next =
                        buffer.after(cursor, MOST_AT_ONCE, QUIET_MILLIS, this::isClosed);
                if (closed) {
                    return;
                }
                if (next.forgotten() > cursor) {
                    fromTable(next.forgotten());
                } else if (next.entries().isEmpty()) {
                    follower.quiet();
                } else {
                    fromMemory(next.entries());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("a follower of the connection log failed", e);
        } finally {
            closed = true;
            atEnd.run();
            tellEnd();
        }
    }

    private void fromMemory(List<LogEntry> entries) throws InterruptedException {
        for (LogEntry entry : entries) {
            if (closed) {
                return;
            }
            if (filter.shows(entry)) {
                follower.seen(entry.event());
            }
            cursor = entry.id();
        }
        if (entries.size() < MOST_AT_ONCE) {
            Thread.sleep(BREATH_MILLIS);
        }
    }

    /** Everything up to {@code forgotten} is in the table, or was too fine to be kept. */
    private void fromTable(long forgotten) {
        List<ConnectionEvent> events = table.between(filter, cursor, forgotten, MOST_AT_ONCE);
        for (ConnectionEvent event : events) {
            if (closed) {
                return;
            }
            follower.seen(event);
            cursor = event.id();
        }
        if (events.size() < MOST_AT_ONCE) {
            cursor = forgotten;
        }
    }

    private void tellEnd() {
        try {
            follower.ended();
        } catch (RuntimeException e) {
            LOG.debug("a follower of the connection log failed at its end", e);
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        buffer.wake();
    }
}
