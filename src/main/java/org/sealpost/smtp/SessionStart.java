package org.sealpost.smtp;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Cidr;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/** What happens before a session's first command, in its own thread, and after its last. */
final class SessionStart implements SessionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStart.class);

    private final Acceptor acceptor;
    private final Handshake handshake;
    private final Settings settings;
    private final ApplicationEventPublisher events;

    SessionStart(
            Acceptor acceptor,
            Handshake handshake,
            Settings settings,
            ApplicationEventPublisher events) {
        this.acceptor = acceptor;
        this.handshake = handshake;
        this.settings = settings;
        this.events = events;
    }

    @Override
    public SessionAcceptance accept(Session session) {
        var client = new ClientSession(session);
        try {
            String refusal = begin(client);
            if (refusal == null) {
                client.send(
                        "220 %s ESMTP Sealpost"
                                .formatted(settings.get(GeneralSettings.SECTION).hostname()));
                client.socket().greeted();
                return SessionAcceptance.success();
            }
            client.state().step("S: " + refusal);
            onSessionEnd(session);
            return SessionAcceptance.failure(421, refusal.substring("421 ".length()));
        } catch (IOException e) {
            LOG.debug("no session for {}: {}", client.state().peer(), e.toString());
            return none(session, client);
        } catch (RuntimeException e) {
            LOG.error("no session for {}", client.state().peer(), e);
            return none(session, client);
        }
    }

    /** Ends it before it begins, without a word: the client could not hear it. */
    private SessionAcceptance none(Session session, ClientSession client) {
        client.socket().abort();
        onSessionEnd(session);
        return SessionAcceptance.failure(421, "4.3.0 Error: no session");
    }

    /** The reply to end the session with at once; null when it may begin. */
    private @Nullable String begin(ClientSession client) throws IOException {
        InboundState state = client.state();
        readProxyHeader(client);
        state.note(0, "connect from " + state.logged());
        if (!acceptor.enters(state)) {
            state.endedBecause("too many connections");
            if (state.listener().implicitTls()) {
                throw new IOException("too many connections");
            }
            return "421 4.7.0 Error: too many connections";
        }
        if (!state.listener().implicitTls()) {
            return null;
        }
        if (handshake.isTooOften(state)) {
            state.endedBecause("too many new TLS sessions");
            throw new IOException("too many new TLS sessions");
        }
        SSLSocket encrypted = handshake.prepare(client);
        String refusal = handshake.run(client, encrypted);
        if (refusal != null) {
            state.endedBecause("client certificate");
        }
        return refusal;
    }

    /** Only a trusted peer is asked for one; anybody else's is no command of ours. */
    private static void readProxyHeader(ClientSession client) throws IOException {
        InboundState state = client.state();
        if (state.isStranger()
                || state.listener().proxyPeers().stream()
                        .flatMap(network -> Cidr.parse(network).stream())
                        .noneMatch(network -> network.contains(state.client()))) {
            return;
        }
        Deadline deadline = client.socket().deadline();
        deadline.beginOther();
        try {
            Socket wire = client.socket().inner();
            wire.setSoTimeout(state.listener().limits().commandTimeoutSeconds() * 1000);
            switch (ProxyHeader.read(wire.getInputStream())) {
                case ProxyHeader.Origin.Client(var address) -> state.comesFrom(address);
                case ProxyHeader.Origin.Proxy() -> state.step("PROXY header of the proxy itself");
                case ProxyHeader.Origin.Unknown() -> state.comesFromSomebody();
            }
        } catch (IOException e) {
            LOG.warn("the proxy {} is not understood: {}", state.peer(), e.getMessage());
            state.endedBecause("no PROXY header");
            throw e;
        } finally {
            deadline.endOther();
        }
    }

    @Override
    public void onSessionEnd(Session session) {
        InboundState state = ClientSocket.of(session).state();
        acceptor.ended(state);
        try {
            events.publishEvent(state.summary());
        } catch (RuntimeException e) {
            LOG.error("an observer of session {} failed", state.id, e);
        }
    }
}
