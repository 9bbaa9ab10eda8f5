package org.sealpost.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A connection in clear text, one line at a time. */
final class Talk implements AutoCloseable {

    final Socket socket;
    private final BufferedReader reader;

    Talk(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        reader =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** The next line; null when the server has closed. */
    @Nullable String line() throws IOException {
        return reader.readLine();
    }

    void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a line and returns the last line of the reply. */
    String say(String command) throws IOException {
        send(command + "\r\n");
        String line = String.valueOf(line());
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = String.valueOf(line());
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
