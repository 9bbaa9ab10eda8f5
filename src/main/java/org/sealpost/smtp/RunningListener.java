package org.sealpost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/** One listener: its bound socket and the session loop behind it. */
final class RunningListener {

    private static final Logger LOG = LoggerFactory.getLogger(RunningListener.class);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final ListenerSettings listener;
    private final Acceptor acceptor;
    private final SMTPServer server;
    private final ApplicationEventPublisher events;

    /** Binds the port; nothing is accepted before {@link #start}. */
    RunningListener(
            ListenerSettings listener,
            int port,
            Settings settings,
            Commands commands,
            ServerTls tls,
            ApplicationEventPublisher events,
            Clock clock)
            throws IOException {
        this.listener = listener;
        this.events = events;
        String address = listener.address();
        InetSocketAddress socketAddress =
                address == null
                        ? new InetSocketAddress(port)
                        : new InetSocketAddress(bindAddress(address), port);
        this.acceptor = new Acceptor(listener, socketAddress, tls, clock);
        var builder =
                SMTPServer.port(acceptor.getLocalPort())
                        .hostName(settings.get(GeneralSettings.SECTION).hostname())
                        .softwareName("Sealpost")
                        .connectionTimeoutMs(listener.limits().commandTimeoutSeconds() * 1000)
                        .maxConnections(listener.limits().maxSessions() + 10)
                        .insertReceivedHeaders(false)
                        .serverSocketFactory(() -> acceptor)
                        .sessionHandler(new Sessions())
                        .executorService(
                                Executors.newThreadPerTaskExecutor(
                                        Thread.ofVirtual()
                                                .name(listener.name() + "-", 0)
                                                .factory()));
        this.server = builder.build();
        commands.all().forEach(server.getCommandHandler()::addCommand);
    }

    private static InetAddress bindAddress(String text) {
        return AddressLiteral.parse(text).orElseThrow();
    }

    int port() {
        return acceptor.getLocalPort();
    }

    void start() {
        server.start();
    }

    /** Takes no new session; open ones are told 421 at their next command. */
    void beginStop() {
        try {
            acceptor.beginEnding();
        } catch (IOException e) {
            LOG.warn("the listener {} could not be closed: {}", listener.name(), e.toString());
        }
    }

    /** Waits for the open sessions, but not beyond the deadline; then closes what is left. */
    void finishStop(Instant deadline) {
        try {
            while (acceptor.openSessions() > 0 && Instant.now().isBefore(deadline)) {
                Thread.sleep(LOOK);
            }
            if (acceptor.openSessions() > 0) {
                LOG.info(
                        "{}: {} sessions are closed though they did not end",
                        listener.name(),
                        acceptor.openSessions());
            }
            acceptor.closeSessions();
            // The library waits for ever for a client that does not read, so it is not waited for.
            Thread stopping =
                    Thread.ofVirtual().name("stop-" + listener.name()).start(server::stop);
            stopping.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Sessions implements SessionHandler {

        @Override
        public SessionAcceptance accept(Session session) {
            ClientSocket client = ClientSocket.of(session);
            Socket inner = client.inner();
            if (inner instanceof SSLSocket encrypted) {
                try {
                    encrypted.startHandshake();
                    client.state().encrypted(encrypted.getSession());
                    session.setTlsStarted(true);
                    LOG.info(
                            "Anonymous TLS connection established from {}: {}",
                            client.state().peer(),
                            client.state().tlsLine());
                } catch (IOException e) {
                    LOG.info("SSL_accept error from {}: {}", client.state().peer(), e.getMessage());
                    client.state().endedBecause("TLS handshake failed: " + e.getMessage());
                    onSessionEnd(session);
                    return SessionAcceptance.failure(421, "4.7.0 TLS handshake failed");
                }
            }
            LOG.info("connect from {}", client.state().peer());
            return SessionAcceptance.success();
        }

        @Override
        public void onSessionEnd(Session session) {
            InboundState state = ClientSocket.of(session).state();
            acceptor.ended(state);
            LOG.info("disconnect from {}", state.peer());
            try {
                events.publishEvent(state.summary(listener.name()));
            } catch (RuntimeException e) {
                LOG.error("an observer of session {} failed", state.id, e);
            }
        }
    }
}
