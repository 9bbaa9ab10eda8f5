package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.SealpostProcess;
import org.sealpost.testing.TlsDialogue;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What sessions and large messages cost, in a process whose heap is limited. Minutes, gigabytes and
 * 10,000 open files on either side: full only. The figures are written to {@code
 * target/memory-test.txt}.
 */
@EnabledIfSystemProperty(named = "sealpost.test.full", matches = "true")
class MemoryTests {

    private static final String PASSWORD = "Correct-Horse-9";
    private static final int SESSIONS = Integer.getInteger("sealpost.memory.sessions", 10_000);
    private static final int CLIENTS = Integer.getInteger("sealpost.memory.clients", 100);
    private static final int OCTETS = 50_000_000;

    private final JsonMapper json = JsonMapper.builder().build();
    @TempDir Path folder;

    @Test
    void tenThousandIdleTlsSessionsFitIntoOneGibibyte() throws Exception {
        int http = freePort();
        try (var sealpost = process(http, "-Xmx1g")) {
            allowMany(http);
            var open = new ArrayList<TlsDialogue>();
            long begun = System.nanoTime();
            for (Future<TlsDialogue> one :
                    all(SESSIONS, 32, () -> TlsDialogue.starttls(sealpost.port()))) {
                open.add(one.get());
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            note(
                    "%d idle TLS sessions, -Xmx1g: begun in %.0f s, resident memory %d MB"
                            .formatted(SESSIONS, seconds, sealpost.residentMegabytes()));
            for (TlsDialogue one : open) {
                assertThat(one.say("NOOP")).isEqualTo("250 2.0.0 Ok");
            }
            note("afterwards, all of them answered: %d MB".formatted(sealpost.residentMegabytes()));
            for (TlsDialogue one : open) {
                one.close();
            }
        }
    }

    @Test
    void aHundredLargeMessagesAtOnceNeedNoMemory() throws Exception {
        int http = freePort();
        try (var sealpost = process(http, "-Xmx512m")) {
            allowMany(http);
            long begun = System.nanoTime();
            for (Future<String> one : all(CLIENTS, CLIENTS, () -> large(sealpost.port()))) {
                assertThat(one.get()).startsWith("250 2.0.0 Ok: queued as ");
            }
            note(
                    "%d clients with 50 MB each, -Xmx512m: all accepted in %.0f s, resident memory %d MB"
                            .formatted(
                                    CLIENTS,
                                    (System.nanoTime() - begun) / 1e9,
                                    sealpost.residentMegabytes()));
        }
    }

    private static <T> List<Future<T>> all(int count, int atOnce, Callable<T> task)
            throws InterruptedException {
        try (var executor = Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            var tasks = new ArrayList<Callable<T>>();
            for (int i = 0; i < count; i++) {
                tasks.add(task);
            }
            return executor.invokeAll(tasks);
        }
    }

    private static String large(int port) throws IOException {
        byte[] line = ("x".repeat(998) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(600_000);
            reply(socket);
            say(socket, "EHLO client.example");
            say(socket, "MAIL FROM:<a@sender.example>");
            say(socket, "RCPT TO:<b@to.example>");
            say(socket, "DATA");
            socket.getOutputStream()
                    .write("Subject: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int sent = 0; sent < OCTETS; sent += line.length) {
                socket.getOutputStream().write(line);
            }
            return say(socket, ".");
        }
    }

    private static String say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return reply(socket);
    }

    private static String reply(Socket socket) throws IOException {
        var line = new StringBuilder();
        int octet = socket.getInputStream().read();
        while (octet >= 0 && octet != '\n') {
            line.append((char) octet);
            octet = socket.getInputStream().read();
        }
        String text = line.toString().strip();
        return text.length() > 3 && text.charAt(3) == '-' ? reply(socket) : text;
    }

    private SealpostProcess process(int http, String heap) throws IOException {
        return new SealpostProcess(
                folder,
                "[127.0.0.1]:" + freePort(), // nobody listens: everything stays in the queue
                List.of(heap, "-XX:+UseParallelGC"),
                List.of(
                        "--server.port=" + http,
                        "--sealpost.bootstrap.admin-password=" + PASSWORD,
                        "--sealpost.bootstrap.first-retry=1h"));
    }

    private void allowMany(int http) throws Exception {
        HttpCaller api = HttpCaller.administrator(http);
        var document = (ObjectNode) json.readTree(api.get("/api/v1/listeners/smtp").body());
        ((ObjectNode) document.get("limits"))
                .put("maxSessions", 50_000)
                .put("maxSessionsPerAddress", 50_000)
                .put("commandTimeoutSeconds", 3600);
        var answer = api.json("PUT", "/api/v1/listeners/smtp", document.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void note(String line) throws IOException {
        Files.writeString(
                Path.of("target/memory-test.txt"),
                line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
