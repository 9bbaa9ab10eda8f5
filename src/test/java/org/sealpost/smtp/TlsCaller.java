package org.sealpost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.sealpost.testing.TestCa;

/** A client over implicit TLS that may show a certificate; it can connect again and resume. */
final class TlsCaller {

    private final SSLContext context;

    TlsCaller(TestCa.@Nullable Identity identity) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(keys(identity), new TrustManager[] {new Anything()}, null);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager @Nullable [] keys(TestCa.@Nullable Identity identity)
            throws GeneralSecurityException, IOException {
        if (identity == null) {
            return null;
        }
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "k", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    /** Connects; the banner is the first reply. */
    Call call(int port) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(10_000);
        return call(plain);
    }

    /** Goes on through TLS on a connection. */
    Call call(Socket plain) throws IOException {
        var socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(plain, "relay", plain.getPort(), true);
        socket.startHandshake();
        return new Call(socket);
    }

    /** A connection. */
    record Call(SSLSocket socket) implements AutoCloseable {

        /** Sends a line and returns the last line of the reply. */
        String say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            return reply();
        }

        String reply() throws IOException {
            var line = new StringBuilder();
            for (int c = socket.getInputStream().read(); c != '\n'; ) {
                if (c < 0) {
                    return "(closed)";
                }
                line.append((char) c);
                c = socket.getInputStream().read();
            }
            String text = line.toString().strip();
            return text.length() > 3 && text.charAt(3) == '-' ? reply() : text;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class Anything implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
