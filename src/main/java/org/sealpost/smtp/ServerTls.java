package org.sealpost.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
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
    private volatile @Nullable Current current;

    private record Current(long version, SSLContext context) {}

    ServerTls(ServerIdentities identities) {
        this.identities = identities;
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
        if (known == null || known.version != version) {
            known = new Current(version, contextOf(identities.standard()));
            current = known;
        }
        return known.context;
    }

    private static SSLContext contextOf(KeyIdentity identity) {
        try {
            char[] nobodySees = new char[0];
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server",
                    identity.key(),
                    nobodySees,
                    identity.chain().toArray(X509Certificate[]::new));
            var keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, nobodySees);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            context.getServerSessionContext().setSessionTimeout(3600);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the server identity cannot be used", e);
        }
    }
}
