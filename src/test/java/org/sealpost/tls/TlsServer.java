package org.sealpost.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;

/** A server on 127.0.0.1 that says {@code ok} over TLS and keeps what clients showed it. */
final class TlsServer implements AutoCloseable {

    /** What a client showed: its certificate, and the name it asked for or nothing. */
    record Seen(@Nullable X509Certificate client, String sni) {}

    private final SSLServerSocket socket;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    private TlsServer(SSLContext context, boolean needsClients, String... protocols)
            throws IOException {
        socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(needsClients);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        Thread.ofVirtual().start(this::acceptAll);
    }

    static TlsServer of(Identity identity, String... protocols) throws IOException {
        return new TlsServer(identity.serverContext(), false, protocols);
    }

    static TlsServer needingClients(Identity identity, TestCa of) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "k", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        keys.setCertificateEntry("ca", of.certificate());
        var keyManagers = KeyManagerFactory.getInstance("PKIX");
        keyManagers.init(keys, new char[0]);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return new TlsServer(context, true);
    }

    int port() {
        return socket.getLocalPort();
    }

    BlockingQueue<Seen> seen() {
        return seen;
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                var client = (SSLSocket) socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client) {
            client.setSoTimeout(10_000);
            client.startHandshake();
            seen.add(new Seen(certificate(client), sni(client)));
            client.getOutputStream().write(new byte[] {'o', 'k'});
            client.getOutputStream().flush();
            client.getInputStream().read();
        } catch (IOException gone) {
            // the client went away, as some tests want it to
        }
    }

    private static @Nullable X509Certificate certificate(SSLSocket client) {
        try {
            return (X509Certificate) client.getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    private static String sni(SSLSocket client) {
        return ((ExtendedSSLSession) client.getSession())
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findAny()
                        .orElse("");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
