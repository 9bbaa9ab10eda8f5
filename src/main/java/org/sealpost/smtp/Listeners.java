package org.sealpost.smtp;

import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.certificate.TrustedCertificates;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.Settings;
import org.sealpost.settings.StartupNotes;
import org.sealpost.settings.StartupRefused;
import org.sealpost.tls.SessionDetail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.event.TransactionalEventListener;

/** The listeners that receive mail. */
@Service
public class Listeners implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int RETRY_SECONDS = 10;

    /**
     * After the web server and before its graceful end: a start that fails for the console's port
     * must leave a first start unfinished, and mail is taken only by what can be administered.
     */
    private static final int PHASE = Integer.MAX_VALUE - 512;

    /** How long open sessions may go on when Sealpost is stopped. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** How long sessions of a listener that has moved may go on. */
    private static final Duration MOVED = Duration.ofMinutes(10);

    private final StoredListeners stored;
    private final NodePorts ports;
    private final Settings settings;
    private final MailQueue queue;
    private final SubmissionAccounts accounts;
    private final ServerIdentities identities;
    private final TrustedCertificates trusted;
    private final SealpostHome home;
    private final StartupNotes notes;
    private final SessionDetail details;
    private final BoundListeners places;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Map<String, RunningListener> running = new LinkedHashMap<>();
    private final Set<RunningListener> moved = ConcurrentHashMap.newKeySet();
    private final Map<String, String> down = new LinkedHashMap<>();
    private @Nullable ScheduledExecutorService retries;

    /**
     * A listener with its state.
     *
     * @param boundPort the port it listens on; 0 when it is down
     * @param problem why it is down; null when it is up
     */
    public record ListenerState(
            ListenerSettings settings, int boundPort, @Nullable String problem) {}

    Listeners(
            StoredListeners stored,
            NodePorts ports,
            Settings settings,
            MailQueue queue,
            SubmissionAccounts accounts,
            ServerIdentities identities,
            TrustedCertificates trusted,
            SealpostHome home,
            StartupNotes notes,
            SessionDetail details,
            BoundListeners places,
            ApplicationEventPublisher events,
            Clock clock) {
        this.stored = stored;
        this.ports = ports;
        this.settings = settings;
        this.queue = queue;
        this.accounts = accounts;
        this.identities = identities;
        this.trusted = trusted;
        this.home = home;
        this.notes = notes;
        this.details = details;
        this.places = places;
        this.events = events;
        this.clock = clock;
    }

    /** All listeners, those that are switched off included. */
    public synchronized List<ListenerState> list() {
        var states = new ArrayList<ListenerState>();
        for (ListenerSettings listener : stored.all()) {
            RunningListener up = running.get(listener.name());
            states.add(
                    new ListenerState(
                            listener, up == null ? 0 : up.port(), down.get(listener.name())));
        }
        return states;
    }

    @Override
    public synchronized void start() {
        var bound = new ArrayList<RunningListener>();
        for (ListenerSettings listener : stored.all()) {
            if (ports.isOn(listener)) {
                bind(listener, bound);
            }
        }
        home.firstStartCompleted();
        bound.forEach(RunningListener::start);
        retries =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("listener-retries").factory());
        var _ =
                retries.scheduleWithFixedDelay(
                        this::retryDown, RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
    }

    private void bind(ListenerSettings listener, List<RunningListener> bound) {
        int port = ports.of(listener);
        try {
            RunningListener open = open(listener, port);
            running.put(listener.name(), open);
            tellPlaces();
            bound.add(open);
            notes.add(
                    "%-11s %s port %d, %s"
                            .formatted(
                                    listener.name(),
                                    listener.address() == null
                                            ? "all addresses"
                                            : listener.address(),
                                    open.port(),
                                    describe(listener)));
        } catch (IOException e) {
            if (home.isFirstStart()) {
                stopAll(Duration.ZERO);
                throw taken(listener, port, e);
            }
            down.put(listener.name(), "port " + port + ": " + e.getMessage());
            notes.add("%-11s DOWN: port %d: %s".formatted(listener.name(), port, e.getMessage()));
            LOG.error(
                    "the listener {} cannot bind port {} ({}); it is tried again every {} s",
                    listener.name(),
                    port,
                    e.getMessage(),
                    RETRY_SECONDS);
        }
    }

    private void tellPlaces() {
        places.are(running.values().stream().map(RunningListener::place).toList());
    }

    private static StartupRefused taken(ListenerSettings listener, int port, IOException e) {
        String key = "sealpost.bootstrap." + listener.name() + "-port";
        String reason =
                e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")
                        ? "is taken by another program"
                        : "cannot be bound: " + e.getMessage();
        return new StartupRefused(
                "Port " + port + " (" + key + ") " + reason + ".",
                "Stop what uses it, or set "
                        + key
                        + " to a free port (0 switches the listener off).",
                e);
    }

    private RunningListener open(ListenerSettings listener, int port) throws IOException {
        return new RunningListener(
                listener,
                port,
                settings,
                new Commands(settings, queue, accounts),
                new ServerTls(identities, trusted, clock),
                details,
                events,
                clock);
    }

    /**
     * A changed listener acts on the next connection; only a new port or address makes it another
     * socket, whose predecessor lets its sessions end.
     */
    @TransactionalEventListener
    @Order(Ordered.HIGHEST_PRECEDENCE) // also when another step fails after the commit
    synchronized void apply(StoredListeners.Changed change) {
        ListenerSettings listener = change.after();
        RunningListener up = running.get(listener.name());
        if (up != null && ports.isOn(listener) && up.isAt(listener.address(), ports.of(listener))) {
            up.use(listener);
            return;
        }
        if (up != null) {
            running.remove(listener.name());
            tellPlaces();
            letEnd(up);
        }
        down.remove(listener.name());
        if (ports.isOn(listener) && isRunning()) {
            bindNow(listener);
        }
    }

    private void letEnd(RunningListener old) {
        old.closeDoor();
        moved.add(old);
        Thread.ofVirtual()
                .name("moved-listener")
                .start(() -> {
                    old.awaitSessions(Instant.now().plus(MOVED));
                    if (moved.remove(old)) {
                        old.beginStop();
                        old.finishStop(Instant.now().plus(DRAIN));
                    }
                });
    }

    private void bindNow(ListenerSettings listener) {
        int port = ports.of(listener);
        try {
            RunningListener open = open(listener, port);
            running.put(listener.name(), open);
            tellPlaces();
            down.remove(listener.name());
            open.start();
            LOG.info("the listener {} is up on port {}", listener.name(), open.port());
        } catch (IOException e) {
            down.put(listener.name(), "port " + port + ": " + e.getMessage());
            LOG.warn(
                    "the listener {} is down: port {}: {}; it is tried again every {} s",
                    listener.name(),
                    port,
                    e.getMessage(),
                    RETRY_SECONDS);
        }
    }

    /** Tries again what could not be bound; called by the timer. */
    synchronized void retryDown() {
        for (ListenerSettings listener : stored.all()) {
            if (down.containsKey(listener.name())) {
                bindNow(listener);
            }
        }
    }

    private static String describe(ListenerSettings listener) {
        if (listener.implicitTls()) {
            return "implicit TLS";
        }
        return (switch (listener.level()) {
                    case "encrypt" -> "STARTTLS required";
                    case "may" -> "STARTTLS offered";
                    default -> "no TLS";
                })
                + (listener.authRequired() ? ", sign-in required" : "");
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService scheduler = retries;
        if (scheduler != null) {
            scheduler.shutdown(); // an interrupt within H2 would close the database
            retries = null;
        }
        stopAll(DRAIN);
        running.clear();
        tellPlaces();
    }

    private void stopAll(Duration longest) {
        Instant deadline = Instant.now().plus(longest);
        var all = new ArrayList<>(running.values());
        all.addAll(moved);
        moved.clear();
        all.forEach(RunningListener::beginStop);
        all.forEach(listener -> listener.finishStop(deadline));
    }

    @Override
    public synchronized boolean isRunning() {
        return retries != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
