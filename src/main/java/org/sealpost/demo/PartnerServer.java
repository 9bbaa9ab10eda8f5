package org.sealpost.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partner's mail server on 127.0.0.1: it takes mail and throws it away. */
final class PartnerServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartnerServer.class);
    private static final int PATIENCE_MILLIS = 60_000;
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Partner partner;
    private final @Nullable SSLContext tls;
    private final ServerSocket socket;

    /**
     * Opens the server's socket.
     *
     * @param port 0 for a free one
     * @param tls null to offer no STARTTLS
     */
    PartnerServer(Partner partner, int port, @Nullable SSLContext tls) throws IOException {
        this.partner = partner;
        this.tls = tls;
        this.socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("demo-" + partner.domain()).start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().name("demo-" + partner.domain()).start(() -> serve(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.warn("the server of {} takes no more connections", partner.domain(), e);
                    return;
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(PATIENCE_MILLIS);
            var clear = new Conversation(client);
            clear.say("220 " + partner.mailServer() + " ESMTP");
            if (clear.hold(tls != null) && tls != null) {
                var encrypted =
                        (SSLSocket) tls.getSocketFactory().createSocket(client, null, false);
                encrypted.setEnabledProtocols(PROTOCOLS);
                encrypted.startHandshake();
                new Conversation(encrypted).hold(false);
            }
        } catch (IOException e) {
            // a client that does not trust this server goes away; Sealpost's log tells why
            LOG.debug("a session with {} ended early: {}", partner.domain(), e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private final class Conversation {

        private final BufferedReader in;
        private final OutputStream out;

        Conversation(Socket socket) throws IOException {
            this.in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            this.out = socket.getOutputStream();
        }

        /** Answers commands to the end; true when the client wants to go on over TLS. */
        boolean hold(boolean offersTls) throws IOException {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
                    case "EHLO" -> {
                        say("250-" + partner.mailServer());
                        say(offersTls ? "250-STARTTLS" : "250-8BITMIME");
                        say("250-PIPELINING");
                        say("250 ENHANCEDSTATUSCODES");
                    }
                    case "STARTTLS" -> {
                        say(offersTls ? "220 2.0.0 Ready" : "502 5.5.1 Not offered");
                        if (offersTls) {
                            return true;
                        }
                    }
                    case "RCPT" ->
                            say(
                                    partner.knowsNobody()
                                            ? "550 5.1.1 No such mailbox here"
                                            : "250 2.1.5 Ok");
                    case "DATA" -> data();
                    case "QUIT" -> {
                        say("221 2.0.0 Bye");
                        return false;
                    }
                    default -> say("250 2.0.0 Ok");
                }
            }
            return false;
        }

        private void data() throws IOException {
            if (partner.knowsNobody()) {
                say("554 5.5.1 No recipient");
                return;
            }
            say("354 Go on");
            String line = in.readLine();
            while (line != null && !line.equals(".")) {
                line = in.readLine();
            }
            say("250 2.0.0 Taken");
        }

        void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
