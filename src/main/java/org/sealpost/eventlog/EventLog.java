package org.sealpost.eventlog;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvents.Follower;
import org.sealpost.eventlog.ConnectionEvents.Subscription;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Takes events in, has them written, and hands them out again. */
@Component
class EventLog implements SmartLifecycle {

    /** Before anything accepts or delivers mail, and so after it on the way down. */
    private static final int PHASE = -200;

    private static final long LAST_WRITES_MILLIS = 15_000;
    private static final long FRESH_MILLIS = 2_000;
    private static final int MOST_OF_MESSAGE = 500;

    private final EventTable table;
    private final EventBuffer buffer;
    private final EventWriter writer;
    private final Set<Following> followers = ConcurrentHashMap.newKeySet();
    private volatile boolean running;
    private volatile boolean ending;

    EventLog(EventTable table, Clock clock) {
        this.table = table;
        this.buffer =
                new EventBuffer(new EventIds(clock, table.newest()), EventBuffer.Bounds.STANDARD);
        this.writer = new EventWriter(buffer, table::insert);
    }

    void add(LongFunction<ConnectionEvent> withId) {
        buffer.add(withId);
    }

    void show(LongFunction<ConnectionEvent> withId) {
        buffer.show(withId);
    }

    void addOutcome(LongFunction<ConnectionEvent> withId) {
        buffer.addOutcome(withId);
    }

    long neverKept() {
        return buffer.neverKept();
    }

    List<ConnectionEvent> latest(EventFilter filter, @Nullable Long before, int size) {
        buffer.awaitWritten(FRESH_MILLIS);
        return table.before(filter, before, size);
    }

    List<ConnectionEvent> earliest(EventFilter filter, @Nullable Long after, int size) {
        buffer.awaitWritten(FRESH_MILLIS);
        return table.between(filter, after == null ? -1 : after, Long.MAX_VALUE, size);
    }

    List<ConnectionEvent> ofMessage(String queueId) {
        buffer.awaitWritten(FRESH_MILLIS);
        return table.ofMessage(queueId, MOST_OF_MESSAGE);
    }

    long count(EventFilter filter) {
        return table.count(filter, ConnectionEvents.MOST_COUNTED);
    }

    Subscription follow(EventFilter filter, @Nullable Long lastSeen, Follower follower) {
        long newest = buffer.last();
        long cursor = lastSeen == null ? newest : Math.min(lastSeen, newest);
        var following = new Following(buffer, table, filter, cursor, follower, this::forgetEnded);
        followers.add(following);
        if (ending) {
            following.close();
        }
        Thread.ofVirtual().name("event-follower").start(following);
        return following;
    }

    private void forgetEnded() {
        followers.removeIf(Following::isClosed);
    }

    /** Watchers hold HTTP requests open, for which the web server's shutdown would wait. */
    @EventListener(ContextClosedEvent.class)
    void endFollowing() {
        ending = true;
        followers.forEach(Following::close);
    }

    @Override
    public void start() {
        writer.start();
        running = true;
    }

    @Override
    public void stop() {
        writer.close(LAST_WRITES_MILLIS);
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
