package org.sealpost.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** An SMTP client that talks over TLS and believes any certificate; for tests of what is said. */
public final class TlsDialogue implements AutoCloseable {

    private Socket socket;

    private TlsDialogue(Socket socket) {
        this.socket = socket;
    }

    /** Connects, and encrypts by STARTTLS. */
    public static TlsDialogue starttls(int port) throws IOException {
        var dialogue = new TlsDialogue(new Socket(InetAddress.getLoopbackAddress(), port));
        dialogue.socket.setSoTimeout(20_000);
        dialogue.readReply();
        dialogue.say("EHLO client.example");
        dialogue.say("STARTTLS");
        SSLSocket encrypted =
                (SSLSocket)
                        credulous()
                                .getSocketFactory()
                                .createSocket(dialogue.socket, "relay", port, true);
        encrypted.startHandshake();
        dialogue.socket = encrypted;
        dialogue.say("EHLO client.example");
        return dialogue;
    }

    /** Sends a line and returns the reply's last line. */
    public String say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return readReply();
    }

    public String authPlain(String username, String password) throws IOException {
        return say("AUTH PLAIN " + base64("\0" + username + "\0" + password));
    }

    public String authLogin(String username, String password) throws IOException {
        say("AUTH LOGIN");
        say(base64(username));
        return say(base64(password));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String readReply() throws IOException {
        String line = readLine(socket.getInputStream());
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = readLine(socket.getInputStream());
        }
        return line;
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
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
