package org.sealpost.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsRequirement;

/**
 * Sessions that wait for another message. One is found only by the very server, requirement and
 * user it was opened for: after any change of the rule, of a certificate it names or of the
 * credentials it is left alone and soon closed.
 */
final class SessionPool implements AutoCloseable {

    private final Limits limits;
    private final Map<Key, Deque<Kept>> idle = new HashMap<>();
    private final ReentrantLock turn = new ReentrantLock();
    private int count;
    private @Nullable Thread closing;
    private boolean closed;

    SessionPool(Limits limits) {
        this.limits = limits;
    }

    /**
     * How far reuse goes.
     *
     * @param idle how long a session waits for a message
     * @param age the oldest session that gets another message
     * @param messages the most messages of one session
     * @param sessions the most that wait at a time
     */
    record Limits(Duration idle, Duration age, int messages, int sessions) {
        static final Limits STANDARD =
                new Limits(Duration.ofSeconds(5), Duration.ofMinutes(5), 100, 500);
    }

    /** All that two messages must agree in to go over one session. */
    record Key(Target server, TlsRequirement requirement, String hostname, Way way) {}

    /**
     * A session with what is needed to judge it again.
     *
     * @param observation what it showed when it was opened
     * @param openedAt by {@link System#nanoTime}
     * @param messages sent over it so far
     * @param idleSince by {@link System#nanoTime}
     */
    record Kept(
            OutboundSession session,
            TlsObservation observation,
            long openedAt,
            int messages,
            long idleSince) {

        static Kept opened(OutboundSession session, TlsObservation observation) {
            long now = System.nanoTime();
            return new Kept(session, observation, now, 0, now);
        }

        Kept used() {
            return new Kept(session, observation, openedAt, messages + 1, System.nanoTime());
        }

        boolean isReused() {
            return messages > 0;
        }
    }

    /** The session used last of those that wait, if it is still quiet and not too old. */
    Optional<Kept> take(Key key) {
        for (Kept kept = poll(key); kept != null; kept = poll(key)) {
            if (isOlder(kept.idleSince, limits.idle) || saidSomething(kept)) {
                kept.session.close();
            } else {
                return Optional.of(kept);
            }
        }
        return Optional.empty();
    }

    /** Keeps a session for another message, or closes it when it has done enough. */
    void giveBack(Key key, Kept kept) {
        if (kept.messages >= limits.messages
                || isOlder(kept.openedAt, limits.age)
                || !keep(key, kept)) {
            kept.session.close();
        }
    }

    private @Nullable Kept poll(Key key) {
        turn.lock();
        try {
            Deque<Kept> waiting = idle.get(key);
            if (waiting == null) {
                return null;
            }
            count--;
            Kept kept = waiting.removeLast();
            if (waiting.isEmpty()) {
                idle.remove(key);
            }
            return kept;
        } finally {
            turn.unlock();
        }
    }

    private boolean keep(Key key, Kept kept) {
        turn.lock();
        try {
            if (closed || count >= limits.sessions) {
                return false;
            }
            idle.computeIfAbsent(key, _ -> new ArrayDeque<>()).addLast(kept);
            count++;
            if (closing == null) {
                closing = Thread.ofVirtual().name("session-pool").start(this::closeIdle);
            }
            return true;
        } finally {
            turn.unlock();
        }
    }

    private static boolean saidSomething(Kept kept) {
        try {
            return kept.session.transport().hasUnread();
        } catch (IOException gone) {
            return true;
        }
    }

    private static boolean isOlder(long since, Duration limit) {
        return System.nanoTime() - since > limit.toNanos();
    }

    /** Runs while sessions wait. */
    private void closeIdle() {
        boolean more = true;
        while (more) {
            try {
                TimeUnit.MILLISECONDS.sleep(Math.max(1, limits.idle.toMillis() / 5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            var old = new ArrayList<Kept>();
            turn.lock();
            try {
                idle.values().removeIf(waiting -> removeOld(waiting, old));
                count -= old.size();
                more = !idle.isEmpty();
                if (!more) {
                    closing = null;
                }
            } finally {
                turn.unlock();
            }
            old.forEach(kept -> kept.session.close());
        }
    }

    private boolean removeOld(Deque<Kept> waiting, List<Kept> old) {
        while (!waiting.isEmpty() && isOlder(waiting.getFirst().idleSince, limits.idle)) {
            old.add(waiting.removeFirst());
        }
        return waiting.isEmpty();
    }

    /** Keeps sessions again after {@link #close}. */
    void open() {
        turn.lock();
        try {
            closed = false;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        var all = new ArrayList<Kept>();
        turn.lock();
        try {
            closed = true;
            idle.values().forEach(all::addAll);
            idle.clear();
            count = 0;
        } finally {
            turn.unlock();
        }
        all.forEach(kept -> kept.session.close());
    }
}
