package org.sealpost.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Destinations.Answer;
import org.sealpost.delivery.Destinations.Place;
import org.sealpost.mail.QueueId;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.queue.Admission.Candidate;
import org.sealpost.queue.ClaimedMessage;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.ConfigurationFiles;
import org.sealpost.settings.Settings;
import org.sealpost.smtp.BoundListeners;
import org.sealpost.tls.SessionDetail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Takes due messages from the queue and has each delivered on a virtual thread of its own. */
@Component
class Dispatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MOST_AT_ONCE = 100;
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration CUT = Duration.ofSeconds(10);

    private final MailQueue queue;
    private final Delivery delivery;
    private final ConfigurationFiles configuration;
    private final Clock clock;
    private final StoredRoutes routes;
    private final Destinations destinations;
    private final Connector connector;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final SessionPool pool = new SessionPool(SessionPool.Limits.STANDARD);
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread loop;
    private @Nullable ExecutorService workers;

    Dispatcher(
            MailQueue queue,
            StoredRoutes routes,
            TlsPolicies policies,
            MailDns dns,
            BoundListeners listeners,
            Settings settings,
            ConfigurationFiles configuration,
            SessionDetail details,
            ApplicationEventPublisher events,
            Clock clock,
            MeterRegistry meters) {
        this.queue = queue;
        this.routes = routes;
        this.configuration = configuration;
        this.clock = clock;
        this.destinations = new Destinations(() -> settings.get(DeliverySettings.SECTION), clock);
        this.connector = new Connector(clock, TimeLimits.STANDARD);
        this.delivery =
                new Delivery(
                        queue,
                        routes,
                        policies,
                        new Targets(dns, new Random(), listeners::contains),
                        connector,
                        pool,
                        new Notices(queue, settings, clock),
                        destinations,
                        settings,
                        details,
                        events,
                        clock,
                        meters);
        queue.onDue(wakeUps::release);
    }

    @Override
    public void start() {
        running = true;
        pool.open();
        connector.allow();
        workers =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("delivery-", 0).factory());
        loop = Thread.ofVirtual().name("delivery-dispatcher").start(this::run);
    }

    private void run() {
        while (running) {
            try {
                dispatch();
                sleepUntilDue();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("mail could not be taken from the queue; trying again", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            if (wakeUps.tryAcquire(1, TimeUnit.SECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void dispatch() throws InterruptedException {
        while (running) {
            if (configuration.areBehind()) {
                pause(); // rules that a crash would undo must not decide over mail
                continue;
            }
            if (!free.tryAcquire(1, TimeUnit.SECONDS)) {
                continue; // all busy; look again whether to stop
            }
            int slots = 1 + free.drainPermits();
            var places = new HashMap<QueueId, Optional<Place>>();
            List<ClaimedMessage> claimed = List.of();
            try {
                claimed =
                        queue.claim(slots, clock.instant(), candidate -> admit(places, candidate));
            } finally {
                // Of what was admitted some may turn out damaged, held or done already.
                claimed.forEach(message -> begin(message, places));
                places.values().forEach(place -> place.ifPresent(destinations::leave));
                free.release(slots - claimed.size());
            }
            if (claimed.isEmpty()) {
                return;
            }
        }
    }

    private Optional<Instant> admit(Map<QueueId, Optional<Place>> places, Candidate message) {
        QueueId id = message.id();
        Set<String> nextHops =
                message.recipients().stream()
                        .map(one ->
                                routes.route(message.sender(), one.address(), one.route())
                                        .nextHop()
                                        .text())
                        .collect(Collectors.toSet());
        if (nextHops.size() != 1) {
            places.put(id, Optional.empty()); // the attempt asks for each of them
            return Optional.empty();
        }
        return switch (destinations.ask(nextHops.iterator().next(), message.expired())) {
            case Answer.Granted(Place place) -> {
                places.put(id, Optional.of(place));
                yield Optional.empty();
            }
            case Answer.Later(Instant at) -> Optional.of(at);
        };
    }

    private void begin(ClaimedMessage message, Map<QueueId, Optional<Place>> places) {
        ExecutorService pool = workers;
        Optional<Place> place = places.remove(message.id());
        if (pool != null && place != null) {
            pool.execute(() -> deliver(message, place));
        }
    }

    private void deliver(ClaimedMessage message, Optional<Place> place) {
        try {
            delivery.attempt(message);
        } catch (RuntimeException e) {
            LOG.error("{}: the delivery attempt failed in Sealpost itself", message.id(), e);
            giveBack(message);
        } finally {
            place.ifPresent(destinations::leave);
            free.release();
        }
    }

    /** Otherwise it would wait for the next start. */
    private void giveBack(ClaimedMessage message) {
        try {
            queue.giveBack(message.id());
        } catch (RuntimeException e) {
            LOG.error("{}: it waits for the next start of Sealpost", message.id(), e);
        }
    }

    private void sleepUntilDue() throws InterruptedException {
        Duration wait =
                queue.nextDue()
                        .map(due -> Duration.between(clock.instant(), due))
                        .filter(until -> until.compareTo(LONGEST_SLEEP) < 0)
                        .orElse(LONGEST_SLEEP);
        if (wakeUps.tryAcquire(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }

    /**
     * No more messages are taken; running deliveries may end, and what takes too long is cut off,
     * so that its message is due again at the next start.
     */
    @Override
    public void stop() {
        running = false;
        Thread dispatcher = loop;
        ExecutorService deliveries = workers;
        if (dispatcher == null || deliveries == null) {
            return;
        }
        // Never interrupted: an interrupt within H2 would close the database's file.
        wakeUps.release();
        try {
            dispatcher.join(DRAIN);
            deliveries.shutdown();
            if (!deliveries.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("deliveries that still run are cut off; their messages stay in the queue");
                connector.cut();
                if (!deliveries.awaitTermination(CUT.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.error(
                            "some deliveries did not end; their messages are due at the next start");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pool.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 500;
    }
}
