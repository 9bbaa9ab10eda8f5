package org.sealpost.selftest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.delivery.events.DeliveryAttempted.Step;
import org.sealpost.smtp.Strangers;
import org.sealpost.smtp.Strangers.Registration;
import org.sealpost.tls.ClientTls;
import org.sealpost.tls.TlsRequirement;

/** A connection to one of our listeners by somebody it does not know, with its dialogue. */
final class StrangerConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 5_000;
    private static final int LONGEST_LINE = 2_000;

    private final OwnListener listener;
    private final Socket plain = new Socket();
    private final Registration registration;
    private final List<Step> dialogue = new ArrayList<>();
    private final long begun = System.nanoTime();
    private Socket socket = plain;
    private String offers = "";

    private StrangerConnection(OwnListener listener) throws IOException {
        this.listener = listener;
        this.registration = Strangers.register(plain, listener.address());
        listener.visitor().opens(plain);
    }

    /** Connects; nothing was read or written yet. */
    static StrangerConnection open(OwnListener listener) throws IOException {
        var connection = new StrangerConnection(listener);
        try {
            connection.plain.setTcpNoDelay(true);
            connection.plain.setSoTimeout(PATIENCE_MILLIS);
            connection.plain.connect(
                    new InetSocketAddress(listener.address(), listener.port()), PATIENCE_MILLIS);
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Connects and goes as far as the first byte of TLS. */
    static StrangerConnection beforeTls(OwnListener listener) throws IOException {
        StrangerConnection connection = open(listener);
        try {
            if (!listener.implicit()) {
                connection.hello();
                connection.require(connection.say("STARTTLS"), "220");
            }
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Connects and says EHLO, under TLS when the listener has it. */
    static StrangerConnection ready(OwnListener listener, TlsRequirement requirement)
            throws IOException {
        if (listener.state().settings().level().equals("none") && !listener.implicit()) {
            StrangerConnection clear = open(listener);
            clear.hello();
            return clear;
        }
        StrangerConnection connection = beforeTls(listener);
        try {
            connection.encrypt(requirement);
            if (listener.implicit()) {
                connection.hello();
            } else {
                connection.greet();
            }
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Reads the greeting and says EHLO; returns the reply. */
    String hello() throws IOException {
        require(reply(), "220");
        return greet();
    }

    private String greet() throws IOException {
        offers = say("EHLO " + listener.hostname());
        require(offers, "250");
        return offers;
    }

    /** Whether its last EHLO was answered with an extension. */
    boolean offers(String extension) {
        return offers.lines()
                .filter(line -> line.length() > 4)
                .anyMatch(line -> (line.substring(4) + " ").startsWith(extension + " "));
    }

    void encrypt(TlsRequirement requirement) throws IOException {
        socket = new ClientTls().start(plain, requirement, listener.peer(), true).socket();
        note("TLS began");
    }

    Socket socket() {
        return socket;
    }

    String say(String line) throws IOException {
        write(line + "\r\n", line.startsWith("AUTH ") ? "AUTH [masked]" : line);
        return reply();
    }

    /**
     * @param shown how the dialogue tells it
     */
    void write(String octets, String shown) throws IOException {
        note("C: " + shown);
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** A whole reply, its lines joined by LF. */
    String reply() throws IOException {
        var lines = new ArrayList<String>();
        String line;
        do {
            line = line();
            note("S: " + line);
            lines.add(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return String.join("\n", lines);
    }

    /** A reply that comes within a moment; empty when none does. */
    String replyWithin(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return reply();
        } catch (SocketTimeoutException none) {
            return "";
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    List<Step> dialogue() {
        return List.copyOf(dialogue);
    }

    void note(String line) {
        dialogue.add(new Step((System.nanoTime() - begun) / 1_000_000, line));
    }

    private void require(String reply, String code) throws IOException {
        if (!reply.startsWith(code)) {
            throw new IOException("the listener answered " + reply.lines().findFirst().orElse(""));
        }
    }

    private String line() throws IOException {
        InputStream in = socket.getInputStream();
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0 || line.size() > LONGEST_LINE) {
                throw new EOFException("the listener closed the connection");
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        try (plain) {
            socket.close();
        } catch (IOException gone) {
            // it is over either way
        } finally {
            registration.close();
        }
    }
}
