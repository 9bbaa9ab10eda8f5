package org.sealpost.eventlog;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.eventlog.Watches.Transcript;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.tls.SessionDetail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Whose sessions are told in more detail than others', and which of them are kept. Asked for every
 * session, so what is active is in memory; kept on a thread of its own, so no session waits for it.
 */
@Component
class WatchedPeers implements SessionDetail, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedPeers.class);

    /** Before anything accepts or delivers mail, and so after it on the way down. */
    private static final int PHASE = -200;

    private static final int MOST_WAITING = 200;
    private static final long LAST_WRITES_SECONDS = 10;

    private final WatchRows rows;
    private final Clock clock;
    private volatile List<Active> active = List.of();
    private volatile boolean running;
    private final ThreadPoolExecutor keeping =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MOST_WAITING),
                    Thread.ofVirtual().name("transcripts").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    WatchedPeers(WatchRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    private record Active(Watch watch, WatchedPeer peer) {
        boolean at(Instant now) {
            return watch.until().isAfter(now);
        }
    }

    /** Looks again who is watched. */
    void reload() {
        active =
                rows.all(clock.instant()).stream()
                        .filter(Watch::active)
                        .flatMap(watch ->
                                WatchedPeer.parse(watch.direction(), watch.peer()).stream()
                                        .map(peer -> new Active(watch, peer)))
                        .toList();
    }

    @Override
    public int inbound(InetAddress client, int standard) {
        return level("inbound", peer -> peer.is(client), standard);
    }

    @Override
    public int outbound(List<String> names, int standard) {
        return level("outbound", peer -> peer.is(names), standard);
    }

    private int level(String direction, Predicate<WatchedPeer> meant, int standard) {
        List<Active> all = active;
        if (all.isEmpty()) {
            return standard;
        }
        Instant now = clock.instant();
        return all.stream()
                .filter(one -> one.watch.direction().equals(direction) && one.at(now))
                .filter(one -> meant.test(one.peer))
                .mapToInt(one -> one.watch.level())
                .max()
                .orElse(standard);
    }

    /** Keeps the session of a client for whoever wanted it. */
    void ended(InboundSession session, String text) {
        if (!active.isEmpty()) {
            AddressLiteral.parse(PeerText.withoutPort(session.peer()))
                    .ifPresent(client ->
                            keep(
                                    "inbound",
                                    peer -> peer.is(client),
                                    () -> Transcripts.of(session, text)));
        }
    }

    /** Keeps the session with a server for whoever wanted it. */
    void ended(DeliveryAttempted attempt) {
        if (!active.isEmpty()) {
            String host = PeerText.host(attempt.peer());
            String address = PeerText.address(attempt.peer());
            List<String> names =
                    host == null || address == null
                            ? List.of(attempt.nextHop())
                            : List.of(attempt.nextHop(), host, PeerText.withoutPort(address));
            keep("outbound", peer -> peer.is(names), () -> Transcripts.of(attempt));
        }
    }

    private void keep(
            String direction, Predicate<WatchedPeer> meant, Supplier<Transcript> session) {
        Instant now = clock.instant();
        for (Active one : active) {
            if (one.watch.sessions() != null
                    && one.watch.direction().equals(direction)
                    && one.at(now)
                    && meant.test(one.peer)) {
                Transcript transcript = session.get();
                keeping.execute(() -> keep(one.watch.id(), transcript));
            }
        }
    }

    private void keep(long watch, Transcript session) {
        try {
            rows.keep(watch, session);
            reload();
        } catch (RuntimeException e) {
            LOG.error("a session that is watched could not be kept", e);
        }
    }

    @Override
    public void start() {
        reload();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        keeping.shutdown(); // an interrupt within H2 would close the database
        try {
            if (!keeping.awaitTermination(LAST_WRITES_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("sessions that are watched could not all be kept before the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
