package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.MailQueue;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;

/** Clients that want to hold sessions, not to send mail. */
@RunningSealpost
class DefenceTests {

    private static final Duration SOON = Duration.ofSeconds(8);

    private final BeanFactory sealpost;
    private final KeptMail mail;
    private final List<RunningListener> started = new ArrayList<>();
    private final List<InboundSession> ended = new CopyOnWriteArrayList<>();

    DefenceTests(BeanFactory sealpost, MailQueue queue) {
        this.sealpost = sealpost;
        this.mail = new KeptMail(queue);
    }

    @AfterEach
    void stop() {
        started.forEach(RunningListener::beginStop);
        started.forEach(listener -> listener.finishStop(Instant.now()));
    }

    @Test
    void aCommandThatDripsRunsOutOfTime() throws Exception {
        try (var talk = new Talk(listener(1, false, 10))) {
            talk.line();
            drip(talk.socket.getOutputStream());

            assertThat(talk.line()).isEqualTo("421 4.4.2 Error: timeout exceeded");
            assertThat(ended().reason()).isEqualTo("timeout");
        }
    }

    @Test
    void aMessageThatDripsRunsOutOfTime() throws Exception {
        try (var talk = new Talk(listener(1, false, 10))) {
            talk.line();
            talk.say("EHLO client.example");
            talk.say("MAIL FROM:<>");
            talk.say("RCPT TO:<b@to.example>");
            talk.say("DATA");
            drip(talk.socket.getOutputStream());

            assertThat(talk.line()).isEqualTo("421 4.4.2 Error: timeout exceeded");
            assertThat(ended().reason()).isEqualTo("timeout after DATA");
        }
        assertThat(mail.kept()).isEmpty();
    }

    @Test
    void aHandshakeThatDripsIsCutOff() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener(1, true, 10))) {
            // The begin of a record of 16 KB, and then an octet now and then.
            socket.getOutputStream().write(new byte[] {22, 3, 1, 0x40, 0});
            drip(socket.getOutputStream());

            assertThat(ended().reason()).isEqualTo("timeout");
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), listener(1, false, 10_000)));
            byte[] commands =
                    "EHLO client.example\r\n".repeat(9000).getBytes(StandardCharsets.US_ASCII);
            Thread.ofVirtual().start(() -> write(socket, commands));

            assertThat(ended().reason()).isEqualTo("timeout");
        }
    }

    @Test
    void oneAddressCannotTakeAllSessions() throws Exception {
        int port = listener(5, false, 10);
        var open = new ArrayList<Talk>();
        for (int i = 0; i < 3; i++) {
            open.add(new Talk(port));
            assertThat(open.getLast().line()).startsWith("220 ");
        }
        try (var fourth = new Talk(port)) {
            assertThat(fourth.line()).isEqualTo("421 4.7.0 Error: too many connections");
            assertThat(fourth.line()).isNull();
        }
        assertThat(open.removeFirst().say("QUIT")).startsWith("221 ");
        await().until(() -> ended.size() == 2);
        try (var another = new Talk(port)) {
            assertThat(another.line()).startsWith("220 ");
        }
        for (Talk talk : open) {
            talk.close();
        }
    }

    @Test
    void allAddressesTogetherCannotTakeMoreThanThereIsAndWhoLeavesMakesRoom() throws Exception {
        int port = start(ListenerSettings.Limits.of(5, 10, 10, 10_000, 100, 2, 50), mail);
        try (var first = new Talk(port);
                var second = new Talk(port)) {
            assertThat(first.line()).startsWith("220 ");
            assertThat(second.line()).startsWith("220 ");
            for (int i = 0; i < 20; i++) { // the stock acceptor is blocked by the tenth
                try (var more = new Talk(port)) {
                    assertThat(more.line()).isEqualTo("421 4.7.0 Error: too many connections");
                    assertThat(more.line()).isNull();
                }
            }
            assertThat(first.say("QUIT")).startsWith("221 ");
            ended();
            try (var another = new Talk(port)) {
                assertThat(another.line()).startsWith("220 ");
            }
        }
    }

    @Test
    void aFaultOfOursIsToldToTheClientAndEndsNothing() throws Exception {
        var broken =
                new KeptMail(sealpost.getBean(MailQueue.class)) {
                    private boolean failed;

                    @Override
                    public void accept(QueueId id, Envelope envelope, InputStream body)
                            throws IOException {
                        if (!failed) {
                            failed = true;
                            throw new IllegalStateException("a fault of ours");
                        }
                        super.accept(id, envelope, body);
                    }
                };
        int port = start(ListenerSettings.Limits.STANDARD, broken);
        try (var talk = new Talk(port)) {
            talk.line();
            talk.say("EHLO client.example");
            assertThat(message(talk, "NOOP")).startsWith("451 4.3.0 ");
            assertThat(message(talk, "whole")).startsWith("250 2.0.0 Ok: queued as ");
        }
        assertThat(broken.kept()).hasSize(1).allMatch(kept -> kept.octets().endsWith("whole\r\n"));
    }

    private static String message(Talk talk, String line) throws IOException {
        talk.say("MAIL FROM:<>");
        talk.say("RCPT TO:<b@to.example>");
        talk.say("DATA");
        return talk.say(line + "\r\n.");
    }

    private static void write(Socket socket, byte[] octets) {
        try {
            socket.getOutputStream().write(octets);
        } catch (IOException cut) {
            // that is what the test waits for
        }
    }

    /** An octet each tenth of a second for as long as they are taken, but not for ever. */
    private static void drip(OutputStream out) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        for (int i = 0; i < 100; i++) {
                            out.write('x');
                            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                        }
                    } catch (IOException cut) {
                        // that is what the test waits for
                    }
                });
    }

    private InboundSession ended() {
        await().atMost(SOON).until(() -> !ended.isEmpty());
        return ended.getFirst();
    }

    private int listener(int seconds, boolean implicitTls, int errors) throws IOException {
        return start(
                ListenerSettings.Limits.of(seconds, 10, errors, 10_000, 100, 1000, 3),
                implicitTls,
                mail);
    }

    private int start(ListenerSettings.Limits limits, KeptMail queue) throws IOException {
        return start(limits, false, queue);
    }

    private int start(ListenerSettings.Limits limits, boolean implicitTls, KeptMail queue)
            throws IOException {
        RunningListener running =
                TestListeners.start(
                        sealpost,
                        event -> {
                            if (event instanceof InboundSession session) {
                                ended.add(session);
                            }
                        },
                        ListenerSettings.standard(
                                "defence", 0, "127.0.0.1", "may", implicitTls, false, limits),
                        queue);
        started.add(running);
        return running.port();
    }
}
