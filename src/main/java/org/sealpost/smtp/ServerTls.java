package org.sealpost.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.certificate.TrustedCertificates;
import org.sealpost.tls.ClientChains;
import org.sealpost.tls.KeyGroups;

/** TLS as a server; a changed certificate or setting acts on the next handshake. */
final class ServerTls {

    private final ServerIdentities identities;
    private final TrustedCertificates trusted;
    private final Clock clock;
    private volatile @Nullable Current current;

    private record Current(
            long version,
            ListenerSettings listener,
            SSLContext context,
            List<String> protocols,
            List<String> suites,
            List<String> groups) {

        /** Another listener's document, or an older one, never lends its sessions or its suites. */
        boolean fits(long wantedVersion, ListenerSettings wanted) {
            return version == wantedVersion
                    && listener.equals(wanted)
                    && wanted.sessionCacheSeconds() > 0;
        }
    }

    ServerTls(ServerIdentities identities, TrustedCertificates trusted, Clock clock) {
        this.identities = identities;
        this.trusted = trusted;
        this.clock = clock;
    }

    /** Puts TLS on a connection; the handshake is the caller's. */
    SSLSocket layer(Socket plain, ListenerSettings listener) throws IOException {
        Current now = current(listener);
        var socket =
                (SSLSocket)
                        now.context
                                .getSocketFactory()
                                .createSocket(
                                        plain,
                                        plain.getInetAddress().getHostAddress(),
                                        plain.getPort(),
                                        true);
        socket.setUseClientMode(false);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(now.protocols.toArray(String[]::new));
        parameters.setCipherSuites(now.suites.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        if (!now.groups.isEmpty()) {
            parameters.setNamedGroups(now.groups.toArray(String[]::new));
        }
        // Never setNeedClientAuth: a client without a certificate shall hear why it is refused.
        parameters.setWantClientAuth(listener.asksForCertificate());
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** The certificate a client has shown in this session, also when it was resumed. */
    @Nullable ClientCertificate shownBy(SSLSession session, ListenerSettings listener) {
        if (!listener.asksForCertificate()) {
            return null;
        }
        try {
            List<X509Certificate> chain =
                    Arrays.stream(session.getPeerCertificates())
                            .map(X509Certificate.class::cast)
                            .toList();
            return new ClientCertificate(
                    chain.getFirst(),
                    ClientChains.isTrusted(chain, trusted.global(false), clock.instant()));
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    private Current current(ListenerSettings listener) {
        long version = identities.version();
        Current known = current;
        if (known == null || !known.fits(version, listener)) {
            known =
                    new Current(
                            version,
                            listener,
                            context(listener),
                            ServerSuites.protocols(listener),
                            ServerSuites.of(listener),
                            KeyGroups.parse("groups", listener.groups()));
            current = known;
        }
        return known;
    }

    /**
     * The chosen identities that Java's TLS can present, or the standard one: a listener whose
     * certificates were all lost goes on taking mail over TLS rather than in clear.
     */
    private List<KeyIdentity> chosen(List<Long> ids) {
        List<KeyIdentity> chosen =
                ids.stream()
                        .map(identities::server)
                        .flatMap(Optional::stream)
                        .filter(identity -> !identity.key().getAlgorithm().startsWith("Ed"))
                        .distinct()
                        .toList();
        return chosen.isEmpty() ? List.of(identities.standard()) : chosen;
    }

    /** Its keys seal the sessions that may be resumed; without resumption each gets its own. */
    private SSLContext context(ListenerSettings listener) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new IdentityChoice(chosen(listener.certificateIds()))},
                    new TrustManager[] {new AnyClient()},
                    null);
            context.getServerSessionContext()
                    .setSessionTimeout(Math.max(1, listener.sessionCacheSeconds()));
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the server identity cannot be used", e);
        }
    }
}
