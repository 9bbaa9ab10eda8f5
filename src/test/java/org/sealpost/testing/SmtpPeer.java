package org.sealpost.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.sealpost.testing.PeerScript.Tls;
import org.sealpost.testing.PeerScript.Turn;

/**
 * A mail server on 127.0.0.1 that behaves as a test tells it and keeps what it was sent. Untold it
 * takes every message in clear text.
 */
public final class SmtpPeer implements AutoCloseable {

    /**
     * A message the peer took, with how it came.
     *
     * @param commands of the session so far, but no earlier message's
     * @param sni the server name asked for in TLS, or nothing
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Taken(List<String> commands, byte[] body, boolean encrypted, String sni) {
        public String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    private final ServerSocket server;
    private final PeerScript script = new PeerScript();
    private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    public SmtpPeer() throws IOException {
        server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    /** Offers STARTTLS with this certificate, all usual versions unless some are named. */
    public SmtpPeer offersStarttls(TestCa.Identity identity, String... protocols) {
        script.tls = new Tls(identity.serverContext(), List.of(protocols), List.of());
        return this;
    }

    /** Offers STARTTLS with TLS 1.2 and one cipher suite. */
    public SmtpPeer offersOnlySuite(TestCa.Identity identity, String suite) {
        script.tls = new Tls(identity.serverContext(), List.of("TLSv1.2"), List.of(suite));
        return this;
    }

    /** Offers STARTTLS with one certificate for clients that name a server and one for others. */
    public SmtpPeer offersBySni(TestCa.Identity named, TestCa.Identity unnamed) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new SniKeys(named, unnamed)}, null, null);
            script.tls = new Tls(context, List.of(), List.of());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Speaks TLS from the first byte. */
    public SmtpPeer beginsWithTls(TestCa.Identity identity) {
        offersStarttls(identity);
        script.beginsWithTls = true;
        return this;
    }

    /** Says this where it would agree otherwise; without an error code it still agrees. */
    public SmtpPeer answers(PeerStep step, String reply) {
        script.set(step, new Turn.Answer(reply));
        return this;
    }

    /** Cuts the connection there. */
    public SmtpPeer drops(PeerStep step) {
        script.set(step, new Turn.Drop());
        return this;
    }

    /** Cuts the connection there the next time only. */
    public SmtpPeer dropsOnce(PeerStep step) {
        script.setOnce(step, new Turn.Drop());
        return this;
    }

    /** Says this there the next time only. */
    public SmtpPeer answersOnce(PeerStep step, String reply) {
        script.setOnce(step, new Turn.Answer(reply));
        return this;
    }

    /** Says nothing more from there on and keeps the connection. */
    public SmtpPeer fallsSilent(PeerStep step) {
        script.set(step, new Turn.Silence());
        return this;
    }

    /** Agrees there octet by octet, as a tarpit does. */
    public SmtpPeer drips(PeerStep step) {
        script.set(step, new Turn.Drip());
        return this;
    }

    /** Agrees there again. */
    public SmtpPeer agrees(PeerStep step) {
        script.clear(step);
        return this;
    }

    /** Speaks LMTP (RFC 2033) instead of SMTP. */
    public SmtpPeer speaksLmtp() {
        script.lmtp = true;
        return this;
    }

    /** By LMTP, says this of recipients that contain the text; {@code cut} ends the session. */
    public SmtpPeer answersFinalOf(String text, String reply) {
        script.setFinalReply(text, reply);
        return this;
    }

    /** Announces these extensions, too, e.g. {@code AUTH PLAIN}. */
    public SmtpPeer offers(String... extensions) {
        script.extensions = List.of(extensions);
        return this;
    }

    /** Answers RCPT for addresses that contain this text; null accepts them again. */
    public SmtpPeer answersRcptOf(String text, @Nullable String reply) {
        script.setRcptReply(text, reply);
        return this;
    }

    public int port() {
        return server.getLocalPort();
    }

    public String nextHop() {
        return "[localhost]:" + port();
    }

    /** The messages taken so far, in order. */
    public List<Taken> taken() {
        return List.copyOf(taken);
    }

    /** All commands of all sessions so far. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /** How many connections there were so far. */
    public int connections() {
        return connections.get();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new PeerSession(socket, script, taken::add, heard::add).run();
        } catch (IOException gone) {
            // one side ended the session, as some tests want it to
        } finally {
            open.remove(socket);
        }
    }

    /** Ends all sessions. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Says a dialogue to a server and returns its replies' first lines. */
    public static List<String> talk(int port, String... commands) throws IOException {
        var replies = new ArrayList<String>();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                var reader =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII))) {
            replies.add(String.valueOf(reader.readLine()));
            for (String command : commands) {
                socket.getOutputStream()
                        .write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                String line = String.valueOf(reader.readLine());
                String first = line;
                while (line.length() > 3 && line.charAt(3) == '-') {
                    line = String.valueOf(reader.readLine());
                }
                replies.add(first);
            }
        }
        return replies;
    }
}
