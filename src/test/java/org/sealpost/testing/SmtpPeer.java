package org.sealpost.testing;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server on 127.0.0.1 that behaves as a test tells it and keeps what it was sent. */
public final class SmtpPeer implements AutoCloseable {

    /** A message the peer took, with how it came. */
    public record Taken(List<String> commands, byte[] body, boolean encrypted) {
        public String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    private final ServerSocket server;
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private volatile @Nullable SSLContext tls;
    private volatile String starttlsReply = "220 2.0.0 go";
    private volatile String rcptReply = "250 2.1.5 ok";
    private final Map<String, String> rcptReplies = new ConcurrentHashMap<>();
    private volatile String finalReply = "250 2.0.0 taken";
    private volatile boolean breaksHandshake;

    public SmtpPeer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    public SmtpPeer offersStarttls(TestCa.Identity identity) {
        tls = identity.serverContext();
        return this;
    }

    public SmtpPeer answersStarttls(String reply) {
        starttlsReply = reply;
        return this;
    }

    public SmtpPeer breaksHandshake() {
        breaksHandshake = true;
        return this;
    }

    public SmtpPeer answersRcpt(String reply) {
        rcptReply = reply;
        return this;
    }

    /** Answers RCPT for addresses that contain this text; null accepts them again. */
    public SmtpPeer answersRcptOf(String text, @Nullable String reply) {
        if (reply == null) {
            rcptReplies.remove(text);
        } else {
            rcptReplies.put(text, reply);
        }
        return this;
    }

    private String rcptReply(String command) {
        return rcptReplies.entrySet().stream()
                .filter(one -> command.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse(rcptReply);
    }

    public SmtpPeer answersMessage(String reply) {
        finalReply = reply;
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

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        Socket socket = plain;
        try {
            write(socket, "220 peer ESMTP");
            var commands = new ArrayList<String>();
            while (true) {
                String line = readLine(socket.getInputStream());
                if (line == null) {
                    return;
                }
                commands.add(line);
                String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                boolean encrypted = socket instanceof SSLSocket;
                switch (verb) {
                    case "EHLO" ->
                            write(
                                    socket,
                                    "250-peer\r\n250-PIPELINING\r\n250-DSN\r\n250-SMTPUTF8\r\n"
                                            + (tls == null || encrypted ? "" : "250-STARTTLS\r\n")
                                            + "250 8BITMIME");
                    case "STARTTLS" -> {
                        write(socket, starttlsReply);
                        if (breaksHandshake) {
                            socket.close();
                            return;
                        }
                        SSLContext context = tls;
                        if (starttlsReply.startsWith("220") && context != null) {
                            var layered =
                                    (SSLSocket)
                                            context.getSocketFactory()
                                                    .createSocket(socket, "peer", 0, true);
                            layered.setUseClientMode(false);
                            layered.startHandshake();
                            socket = layered;
                        }
                    }
                    case "RCPT" -> write(socket, rcptReply(line));
                    case "DATA" -> {
                        write(socket, "354 go");
                        byte[] body = readBody(socket.getInputStream());
                        if (finalReply.startsWith("250")) {
                            taken.add(new Taken(List.copyOf(commands), body, encrypted));
                        }
                        write(socket, finalReply);
                    }
                    case "QUIT" -> {
                        write(socket, "221 bye");
                        socket.close();
                        return;
                    }
                    default -> write(socket, "250 2.0.0 ok");
                }
            }
        } catch (IOException gone) {
            // the other side went away, as some tests want it to
        }
    }

    private static byte[] readBody(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (String line = readLine(in); line != null; line = readLine(in)) {
            if (line.equals(".")) {
                return body.toByteArray();
            }
            String text = line.startsWith(".") ? line.substring(1) : line;
            body.writeBytes((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        throw new IOException("the message was cut off");
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                line.setLength(line.length() - 1);
                return line.toString();
            }
            line.append((char) c);
        }
        return null;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
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
