package org.sealpost.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.tls.Ciphers;

/** TLS as a server; a changed certificate acts on the next handshake. */
final class ServerTls {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final ServerIdentities identities;
    private final Supplier<List<Long>> certificateIds;
    private volatile @Nullable Current current;

    private record Current(long version, List<Long> certificateIds, SSLContext context) {}

    /**
     * @param certificateIds what the listener presents at this moment; empty for the standard
     */
    ServerTls(ServerIdentities identities, Supplier<List<Long>> certificateIds) {
        this.identities = identities;
        this.certificateIds = certificateIds;
    }

    /** Puts TLS on a connection; the handshake is the caller's. */
    SSLSocket layer(Socket plain) throws IOException {
        var socket =
                (SSLSocket)
                        context()
                                .getSocketFactory()
                                .createSocket(
                                        plain,
                                        plain.getInetAddress().getHostAddress(),
                                        plain.getPort(),
                                        true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(PROTOCOLS);
        socket.setEnabledCipherSuites(
                Ciphers.of("ciphers", "medium", List.of("SHA1", "SHA256", "SHA384"))
                        .toArray(String[]::new));
        var parameters = socket.getSSLParameters();
        parameters.setUseCipherSuitesOrder(true);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private SSLContext context() {
        long version = identities.version();
        Current known = current;
        List<Long> ids = certificateIds.get();
        if (known == null || known.version != version || !known.certificateIds.equals(ids)) {
            known = new Current(version, ids, contextOf(chosen(ids)));
            current = known;
        }
        return known.context;
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

    private static SSLContext contextOf(List<KeyIdentity> chosen) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new IdentityChoice(chosen)}, null, null);
            context.getServerSessionContext().setSessionTimeout(3600);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the server identity cannot be used", e);
        }
    }
}
