package org.sealpost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.tls.SessionDetail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.subethamail.smtp.server.SMTPServer;

/** One listener: its bound socket and the session loop behind it. */
final class RunningListener {

    private static final Logger LOG = LoggerFactory.getLogger(RunningListener.class);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration WATCH = Duration.ofSeconds(1);

    private final String name;
    private final @Nullable String address;
    private final int wantedPort;
    private final Acceptor acceptor;
    private final SMTPServer server;
    private final Thread watch;

    /** Binds the port; nothing is accepted before {@link #start}. */
    RunningListener(
            ListenerSettings listener,
            int port,
            Settings settings,
            Commands commands,
            ServerTls tls,
            SessionDetail details,
            ApplicationEventPublisher events,
            Clock clock)
            throws IOException {
        this.name = listener.name();
        this.address = listener.address();
        this.wantedPort = port;
        this.acceptor = new Acceptor(listener, place(address, port), details, events, clock);
        var handshake = new Handshake(tls, settings, new ClientRates(clock));
        this.server =
                SMTPServer.port(acceptor.getLocalPort())
                        .hostName(settings.get(GeneralSettings.SECTION).hostname())
                        .softwareName("Sealpost")
                        .maxConnections(Integer.MAX_VALUE / 2) // the acceptor counts them itself
                        .insertReceivedHeaders(false)
                        .serverSocketFactory(() -> acceptor)
                        .sessionHandler(new SessionStart(acceptor, handshake, settings, events))
                        .executorService(
                                Executors.newThreadPerTaskExecutor(
                                        Thread.ofVirtual().name(name + "-", 0).factory()))
                        .build();
        commands.all(handshake, new ClientRates(clock))
                .forEach(server.getCommandHandler()::addCommand);
        this.watch = Thread.ofVirtual().name("watch-" + name).unstarted(this::watch);
    }

    private static InetSocketAddress place(@Nullable String address, int port) {
        if (address == null) {
            return new InetSocketAddress(port);
        }
        InetAddress literal = AddressLiteral.parse(address).orElseThrow();
        return new InetSocketAddress(literal, port);
    }

    /** Where it listens; the unspecified address stands for all. */
    InetSocketAddress place() {
        return new InetSocketAddress(acceptor.getInetAddress(), acceptor.getLocalPort());
    }

    int port() {
        return acceptor.getLocalPort();
    }

    /** Whether it is bound where a listener with this address and port should be. */
    boolean isAt(@Nullable String wantedAddress, int port) {
        return Objects.equals(address, wantedAddress) && wantedPort == port;
    }

    void start() {
        server.start();
        watch.start();
    }

    /** The next connections follow these settings; open sessions keep theirs. */
    void use(ListenerSettings changed) {
        acceptor.use(changed);
    }

    /** Takes no new session; open ones go on. */
    void closeDoor() {
        try {
            acceptor.close();
        } catch (IOException e) {
            LOG.warn("the listener {} could not be closed: {}", name, e.toString());
        }
    }

    /** Takes no new session; open ones are told 421 at their next command. */
    void beginStop() {
        acceptor.beginEnding();
        closeDoor();
    }

    /** Waits for the open sessions, but not beyond the deadline. */
    void awaitSessions(Instant deadline) {
        while (acceptor.openSessions() > 0 && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Waits for the open sessions, but not beyond the deadline; then closes what is left. */
    void finishStop(Instant deadline) {
        awaitSessions(deadline);
        if (acceptor.openSessions() > 0) {
            LOG.info(
                    "{}: {} sessions are closed though they did not end",
                    name,
                    acceptor.openSessions());
        }
        acceptor.closeSessions();
        watch.interrupt();
        // The library waits for ever for a client that does not read, so it is not waited for.
        Thread stopping = Thread.ofVirtual().name("stop-" + name).start(server::stop);
        try {
            stopping.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        while (!Thread.interrupted()) {
            acceptor.closeOverdue();
            LockSupport.parkNanos(WATCH.toNanos());
        }
    }
}
