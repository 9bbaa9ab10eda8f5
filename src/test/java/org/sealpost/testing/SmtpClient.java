package org.sealpost.testing;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Hands messages to a server on 127.0.0.1, one after the other over one connection. */
public final class SmtpClient implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader replies;

    public SmtpClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        replies =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        reply();
        say("EHLO client.example");
    }

    /**
     * Sends a message.
     *
     * @param text with CRLF at the end of each line
     * @return whether the server took it
     */
    public boolean send(String sender, String recipient, String text) throws IOException {
        if (!say("MAIL FROM:<" + sender + ">").startsWith("250")
                || !say("RCPT TO:<" + recipient + ">").startsWith("250")
                || !say("DATA").startsWith("354")) {
            say("RSET");
            return false;
        }
        String stuffed = text.replace("\r\n.", "\r\n..");
        return say((stuffed.startsWith(".") ? "." : "") + stuffed + ".").startsWith("250");
    }

    private String say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return reply();
    }

    private String reply() throws IOException {
        String line = replies.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = replies.readLine();
        }
        if (line == null) {
            throw new EOFException("the server went away");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
