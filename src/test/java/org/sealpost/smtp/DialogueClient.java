package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Plays one dialogue on a connection and holds every reply to RFC 2034. */
final class DialogueClient implements AutoCloseable {

    private static final String ENHANCED = "([245])\\d\\d[ -]\\1\\.\\d{1,3}\\.\\d{1,3} .*";
    private static final String PLAIN = "(220 relay\\.example\\.test ESMTP .*|354 .*|334 .*)";

    private final Dialogue dialogue;
    private final StringBuilder transcript = new StringBuilder();
    private Socket socket;
    private String lastCommand = "";

    DialogueClient(Dialogue dialogue, int port, boolean implicitTls) throws IOException {
        this.dialogue = dialogue;
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        if (implicitTls) {
            handshake();
        }
    }

    /** What was said so far, for the message of a failure. */
    String transcript() {
        return transcript.toString();
    }

    /** Plays a step; returns false when it is not about the connection. */
    boolean play(Dialogue.Step step) throws IOException {
        for (int i = 0; i < step.times(); i++) {
            switch (step.mark()) {
                case "C:" -> say((step.text() + "\r\n").getBytes(StandardCharsets.UTF_8));
                case "C>" -> say(step.raw());
                case "S:" -> assertThat(replyLine(step)).as(where(step)).isEqualTo(step.text());
                case "S~" -> assertThat(replyLine(step)).as(where(step)).matches(step.text());
                case "S*" -> wholeReply(step);
                case "TLS" -> handshake();
                case "CLOSED" -> assertThat(readLine()).as(where(step)).isNull();
                case "GONE" -> readToEnd();
                case "HANGUP" -> socket.close();
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private void wholeReply(Dialogue.Step step) throws IOException {
        String line;
        do {
            line = replyLine(step);
            assertThat(line).as(where(step)).startsWith(step.text());
        } while (line.charAt(3) == '-');
    }

    private String replyLine(Dialogue.Step step) throws IOException {
        String line = readLine();
        if (line == null) {
            throw new AssertionError("closed instead of a reply at " + where(step));
        }
        boolean greeting = lastCommand.matches("(?s)(EHLO|HELO) .*") && line.startsWith("250");
        if (!greeting && !line.matches(PLAIN)) {
            assertThat(line).as("enhanced status code (RFC 2034)").matches(ENHANCED);
        }
        return line;
    }

    private String where(Dialogue.Step step) {
        return dialogue.file().getFileName() + ":" + step.line() + "\n" + transcript;
    }

    private void say(byte[] octets) throws IOException {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        note("C: " + text);
        lastCommand = text.toUpperCase(Locale.ROOT);
        socket.getOutputStream().write(octets);
        socket.getOutputStream().flush();
    }

    private void note(String line) {
        transcript.append(line.length() > 200 ? line.substring(0, 200) + " ..." : line.strip());
        transcript.append('\n');
    }

    private @Nullable String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        int octet = socket.getInputStream().read();
        while (octet >= 0 && octet != '\n') {
            line.write(octet);
            octet = socket.getInputStream().read();
        }
        if (octet < 0 && line.size() == 0) {
            note("(closed)");
            return null;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        note("S: " + text);
        assertThat(text).as("ends with CRLF").endsWith("\r");
        return text.substring(0, text.length() - 1);
    }

    private void readToEnd() {
        try {
            assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100);
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the server did not close\n" + transcript, open);
        } catch (IOException reset) {
            note("(reset)");
        }
    }

    private void handshake() throws IOException {
        var encrypted =
                (SSLSocket)
                        credulous()
                                .getSocketFactory()
                                .createSocket(socket, "relay", socket.getPort(), true);
        encrypted.startHandshake();
        note("(TLS)");
        socket = encrypted;
    }

    private static SSLContext credulous() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anything()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
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

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
