package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.MailQueue;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;

/** What becomes of open sessions when a listener is stopped (RFC 5321 §3.8). */
@RunningSealpost
class ShutdownTests {

    private static final String SHUTTING_DOWN = "421 4.3.2 Service shutting down, try again later";

    private final BeanFactory sealpost;
    private final MailQueue queue;
    private final List<InboundSession> ended = new ArrayList<>();
    private RunningListener listener;
    private @Nullable Thread stopping;

    ShutdownTests(BeanFactory sealpost, MailQueue queue) throws IOException {
        this.sealpost = sealpost;
        this.queue = queue;
        listener = listener();
    }

    private RunningListener listener() throws IOException {
        return TestListeners.start(
                sealpost,
                event -> {
                    synchronized (ended) {
                        ended.add((InboundSession) event);
                    }
                },
                "stopped",
                "may",
                ListenerSettings.Limits.STANDARD);
    }

    @BeforeEach
    void forget() {
        ended.clear();
    }

    @AfterEach
    void stopAll() throws InterruptedException {
        stop(Duration.ZERO);
        stopped();
    }

    @Test
    void anOpenSessionIsToldAtItsNextCommand() throws Exception {
        try (var client = new Client(listener.port())) {
            client.say("EHLO client.example", "250");
            stop(Duration.ofSeconds(30));

            client.say("MAIL FROM:<a@sender.example>", SHUTTING_DOWN);

            assertThat(client.line()).isNull();
            stopped();
            assertThat(ended).hasSize(1);
            assertThat(ended.getFirst().reason()).isEqualTo("shutting down");
        }
    }

    @Test
    void aMessageThatHasBegunIsTakenToItsEnd() throws Exception {
        try (var client = new Client(listener.port())) {
            client.say("EHLO client.example", "250");
            client.say("MAIL FROM:<a@sender.example>", "250");
            client.say("RCPT TO:<b@stopped.example>", "250");
            client.say("DATA", "354");
            stop(Duration.ofSeconds(30));
            await().until(() -> !accepts(listener.port()));

            String reply =
                    client.say("Subject: last\r\n\r\nwhole\r\n.", "250 2.0.0 Ok: queued as ");

            var id = new QueueId(reply.substring("250 2.0.0 Ok: queued as ".length()));
            assertThat(new String(queue.body(id).readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("Subject: last\r\n\r\nwhole\r\n");
            client.say("RSET", SHUTTING_DOWN);
            stopped();
        }
    }

    @Test
    void aSilentSessionIsClosedAtTheDeadline() throws Exception {
        try (var client = new Client(listener.port())) {
            client.say("EHLO client.example", "250");
            client.say("STARTTLS", "220"); // and then no handshake

            stop(Duration.ofMillis(200));

            stopped();
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void noNewSessionBegins() throws Exception {
        try (var client = new Client(listener.port())) {
            stop(Duration.ofSeconds(30));
            await().until(() -> !accepts(listener.port()));

            assertThatIOException().isThrownBy(() -> new Client(listener.port()));
            client.say("NOOP", SHUTTING_DOWN);
        }
    }

    private void stop(Duration longest) {
        if (stopping == null) {
            Instant deadline = Instant.now().plus(longest);
            listener.beginStop();
            stopping = Thread.ofVirtual().start(() -> listener.finishStop(deadline));
        }
    }

    private void stopped() throws InterruptedException {
        Thread thread = stopping;
        assertThat(thread != null && thread.join(Duration.ofSeconds(10))).isTrue();
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader reader;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            reader =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(line()).startsWith("220 ");
        }

        String say(String command, String reply) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            String line = String.valueOf(line());
            while (line.startsWith("250-")) {
                line = String.valueOf(line());
            }
            assertThat(line).startsWith(reply);
            return line;
        }

        @Nullable String line() throws IOException {
            return reader.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
