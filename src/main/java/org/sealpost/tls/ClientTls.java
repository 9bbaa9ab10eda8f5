package org.sealpost.tls;

import java.io.IOException;
import java.io.Serial;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.mail.DomainName;

/**
 * Begins TLS on an outbound connection as a requirement says. It accepts every certificate: the
 * judge rules afterwards on what was presented, also when a session was resumed and JSSE asks
 * nobody.
 */
public final class ClientTls {

    private static final int MOST_CONTEXTS = 1_000;

    /** Sessions are only resumed between connections that agree in all of this. */
    private record SessionScope(
            @Nullable Long policyId,
            TlsLevel level,
            List<String> protocols,
            List<String> cipherSuites,
            List<NamePattern> match,
            List<Pin> pins,
            @Nullable String servername,
            @Nullable KeyIdentity client,
            int sessionSeconds) {}

    private final ConcurrentHashMap<SessionScope, SSLContext> contexts = new ConcurrentHashMap<>();

    /** This runtime cannot begin TLS as the requirement asks. */
    public static final class EngineUnavailable extends IOException {
        @Serial private static final long serialVersionUID = 1;

        EngineUnavailable(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * A socket with TLS and what its handshake showed.
     *
     * @param socket to be used from now on instead of the plain one
     */
    public record Started(SSLSocket socket, TlsObservation.Established observation) {}

    /**
     * Runs the handshake; the plain socket's time limit holds for each read of it.
     *
     * @param implicit whether this is the first thing on the wire
     * @throws EngineUnavailable when it cannot even begin
     * @throws IOException when the handshake fails
     */
    public Started start(Socket plain, TlsRequirement requirement, TlsPeer peer, boolean implicit)
            throws IOException {
        var socket = begin(plain, requirement, peer);
        long begun = System.currentTimeMillis();
        try {
            socket.startHandshake();
        } catch (RuntimeException e) {
            throw new SSLException("the TLS stack failed: " + e, e); // e.g. over a bad certificate
        }
        SSLSession session = socket.getSession();
        if (!session.isValid()) {
            throw new SSLException("the handshake left no valid session");
        }
        return new Started(
                socket,
                new TlsObservation.Established(
                        session.getProtocol(),
                        session.getCipherSuite(),
                        chain(session),
                        implicit,
                        session.getCreationTime() < begun));
    }

    private SSLSocket begin(Socket plain, TlsRequirement requirement, TlsPeer peer)
            throws IOException {
        try {
            var socket =
                    (SSLSocket)
                            context(requirement)
                                    .getSocketFactory()
                                    .createSocket(plain, peer.host(), peer.port(), true);
            var parameters = socket.getSSLParameters();
            parameters.setProtocols(requirement.protocols().toArray(String[]::new));
            parameters.setCipherSuites(requirement.cipherSuites().toArray(String[]::new));
            parameters.setEndpointIdentificationAlgorithm(null);
            String servername =
                    requirement.servername() == null ? peer.host() : requirement.servername();
            parameters.setServerNames(sni(servername));
            socket.setSSLParameters(parameters);
            socket.setUseClientMode(true);
            return socket;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new EngineUnavailable(e);
        }
    }

    /** An address literal, or a name that TLS cannot carry, is not sent. */
    private static List<SNIServerName> sni(String name) {
        try {
            return DomainName.parse(name).stream()
                    .map(known -> (SNIServerName) new SNIHostName(known.text()))
                    .toList();
        } catch (IllegalArgumentException underscoreOrSo) {
            return List.of();
        }
    }

    private static List<X509Certificate> chain(SSLSession session) {
        try {
            Certificate[] presented = session.getPeerCertificates();
            return Arrays.stream(presented).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException anonymous) {
            return List.of();
        }
    }

    private SSLContext context(TlsRequirement requirement) throws GeneralSecurityException {
        if (requirement.sessionSeconds() == 0) {
            return newContext(requirement); // its sessions end with it
        }
        if (contexts.size() > MOST_CONTEXTS) {
            contexts.clear(); // costs a full handshake each, nothing else
        }
        var scope =
                new SessionScope(
                        requirement.policyId(),
                        requirement.level(),
                        requirement.protocols(),
                        requirement.cipherSuites(),
                        requirement.match(),
                        requirement.pins(),
                        requirement.servername(),
                        requirement.client(),
                        requirement.sessionSeconds());
        SSLContext known = contexts.get(scope);
        if (known == null) {
            SSLContext made = newContext(requirement);
            made.getClientSessionContext().setSessionTimeout(requirement.sessionSeconds());
            SSLContext other = contexts.putIfAbsent(scope, made);
            known = other == null ? made : other;
        }
        return known;
    }

    private static SSLContext newContext(TlsRequirement requirement)
            throws GeneralSecurityException {
        KeyIdentity client = requirement.client();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                client == null
                        ? new KeyManager[0]
                        : new KeyManager[] {new ClientKeyManager(client)},
                new TrustManager[] {new AcceptingTrustManager()},
                null);
        return context;
    }

    /** Lets every chain through, since the judge rules on it after the handshake. */
    private static final class AcceptingTrustManager extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException("this end is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("this end is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("this end is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
