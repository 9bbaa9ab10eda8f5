package org.sealpost.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.sealpost.testing.PeerScript.Tls;
import org.sealpost.testing.PeerScript.Turn;
import org.sealpost.testing.SmtpPeer.Taken;

/** One connection to a scripted server, from its greeting to its end. */
final class PeerSession {

    private static final long PAUSE_NANOS = 5_000_000;

    private final PeerScript script;
    private final Consumer<Taken> taken;
    private final Consumer<String> heard;
    private final List<String> commands = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();
    private Socket socket;
    private InputStream in;
    private String sni = "";

    PeerSession(Socket socket, PeerScript script, Consumer<Taken> taken, Consumer<String> heard)
            throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.script = script;
        this.taken = taken;
        this.heard = heard;
    }

    /** Talks until either side ends the session. */
    void run() throws IOException {
        if (script.beginsWithTls) {
            encrypt();
        }
        say(PeerStep.CONNECT, "220 peer ESMTP");
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.regionMatches(true, 0, "MAIL", 0, 4)) {
                accepted.clear();
                commands.removeIf(old -> old.matches("(?i)(MAIL|RCPT|DATA|RSET).*"));
            }
            commands.add(line);
            heard.accept(line);
            obey(line);
        }
    }

    private void obey(String line) throws IOException {
        switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
            case "EHLO", "LHLO" -> {
                if (line.regionMatches(true, 0, "LHLO", 0, 4) == script.lmtp) {
                    say(encrypted() ? PeerStep.EHLO_AGAIN : PeerStep.EHLO, capabilities());
                } else {
                    write("500 5.5.1 unknown command");
                }
            }
            case "HELO" -> say(PeerStep.HELO, "250 peer");
            case "STARTTLS" -> {
                String usual = script.tls == null ? "502 5.5.1 no TLS here" : "220 2.0.0 go";
                if (say(PeerStep.STARTTLS, usual).startsWith("220")) {
                    encrypt();
                }
            }
            case "AUTH" -> signIn(line);
            case "MAIL" -> say(PeerStep.MAIL, "250 2.1.0 ok");
            case "RCPT" -> {
                if (say(PeerStep.RCPT, script.rcptReply(line)).startsWith("2")) {
                    accepted.add(line);
                }
            }
            case "DATA" -> {
                if (say(PeerStep.DATA, "354 go").startsWith("354")) {
                    takeMessage();
                }
            }
            case "RSET" -> say(PeerStep.RSET, "250 2.0.0 ok");
            case "NOOP" -> write("250 2.0.0 ok");
            case "QUIT" -> {
                say(PeerStep.QUIT, "221 2.0.0 bye");
                throw new EOFException("the client said QUIT");
            }
            default -> write("502 5.5.2 unknown command");
        }
    }

    private void signIn(String line) throws IOException {
        if (line.equals("AUTH LOGIN")) {
            write("334 VXNlcm5hbWU6");
            heard.accept(String.valueOf(readLine()));
            write("334 UGFzc3dvcmQ6");
            heard.accept(String.valueOf(readLine()));
        }
        if (say(PeerStep.AUTH, "235 2.7.0 welcome").startsWith("334")) {
            heard.accept(String.valueOf(readLine()));
            write("535 5.7.8 not with this");
        }
    }

    private String capabilities() {
        boolean offer = script.tls != null && !encrypted();
        return "250-peer\r\n250-PIPELINING\r\n250-DSN\r\n250-SMTPUTF8\r\n"
                + (offer ? "250-STARTTLS\r\n" : "")
                + String.join(
                        "", script.extensions.stream().map(one -> "250-" + one + "\r\n").toList())
                + "250 8BITMIME";
    }

    /** Says what the script has for this step, or the usual; returns what was said. */
    private String say(PeerStep step, String usual) throws IOException {
        String reply =
                switch (script.take(step)) {
                    case null -> usual;
                    case Turn.Answer(String scripted) -> scripted;
                    case Turn.Drip _ -> {
                        drip(usual);
                        yield usual;
                    }
                    case Turn.Drop _ -> throw new EOFException("the script ends the session here");
                    case Turn.Silence _ -> {
                        in.transferTo(OutputStream.nullOutputStream());
                        throw new EOFException("the client gave up");
                    }
                };
        if (!(script.turn(step) instanceof Turn.Drip)) {
            write(reply);
        }
        return reply;
    }

    private void drip(String text) throws IOException {
        for (byte one : (text + "\r\n").getBytes(StandardCharsets.US_ASCII)) {
            socket.getOutputStream().write(one);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void encrypt() throws IOException {
        Tls tls = script.tls;
        if (script.turn(PeerStep.HANDSHAKE) != null || tls == null) {
            say(PeerStep.HANDSHAKE, "");
            throw new EOFException("no handshake");
        }
        var layered =
                (SSLSocket) tls.context().getSocketFactory().createSocket(socket, "peer", 0, true);
        layered.setUseClientMode(false);
        if (!tls.protocols().isEmpty()) {
            layered.setEnabledProtocols(tls.protocols().toArray(String[]::new));
        }
        if (!tls.suites().isEmpty()) {
            layered.setEnabledCipherSuites(tls.suites().toArray(String[]::new));
        }
        layered.startHandshake();
        sni =
                ((ExtendedSSLSession) layered.getSession())
                        .getRequestedServerNames().stream()
                                .map(name -> ((SNIHostName) name).getAsciiName())
                                .findAny()
                                .orElse("");
        socket = layered;
        in = new BufferedInputStream(layered.getInputStream());
    }

    private boolean encrypted() {
        return socket instanceof SSLSocket;
    }

    private void takeMessage() throws IOException {
        var body = new ByteArrayOutputStream();
        for (String line = readLine(); !".".equals(line); line = readLine()) {
            if (line == null) {
                throw new EOFException("the message was cut off");
            }
            if (body.size() == 0 && script.turn(PeerStep.BODY) != null) {
                say(PeerStep.BODY, "");
            }
            String text = line.startsWith(".") ? line.substring(1) : line;
            body.writeBytes((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        var message = new Taken(List.copyOf(commands), body.toByteArray(), encrypted(), sni);
        boolean kept =
                !(script.turn(PeerStep.FINAL) instanceof Turn.Answer(String reply))
                        || reply.startsWith("250");
        if (kept) {
            taken.accept(message);
        }
        if (!script.lmtp) {
            say(PeerStep.FINAL, "250 2.0.0 taken");
            return;
        }
        for (String recipient : accepted) {
            String reply = script.finalReply(recipient);
            if (reply.equals("cut")) {
                throw new EOFException("the script ends the session here");
            }
            write(reply);
        }
    }

    private @Nullable String readLine() throws IOException {
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

    private void write(String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
