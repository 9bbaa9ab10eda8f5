package org.sealpost.selftest;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A running {@code openssl s_server} with the certificate in {@code server.pem}. */
final class OpensslServer implements AutoCloseable {

    private final int port;
    private final Process process;

    OpensslServer(Path folder, String options) throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_server",
                                "-quiet",
                                "-accept",
                                "127.0.0.1:" + port,
                                "-cert",
                                "server.pem"));
        if (!options.isBlank()) {
            command.addAll(List.of(options.strip().split(" ")));
        }
        process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("server.log").toFile())
                        .start();
        await().until(this::answers);
    }

    OwnListener listener() {
        return Listening.at(port, "may", true);
    }

    int port() {
        return port;
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
