package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server cannot do to us: talk for ever, talk too slowly, or stop listening. */
class WireSocketTests {

    private Socket ours;
    private Socket theirs;
    private WireSocket wire;

    @BeforeEach
    void connect() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (var server = new ServerSocket(0, 1, here)) {
            ours = new Socket(here, server.getLocalPort());
            theirs = server.accept();
        }
        wire = new WireSocket(ours, ours, here, Duration.ofMillis(300));
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        theirs.close();
    }

    @Test
    void aLineAtATimeSoThatWhatNobodyAskedForIsSeen() throws IOException {
        say("250-one\r\n250 two\r\n421 closing\r\n");

        assertThat(line()).isEqualTo("250-one\r\n");
        assertThat(line()).isEqualTo("250 two\r\n");
        assertThat(wire.hasUnread()).isTrue();
        assertThat(line()).isEqualTo("421 closing\r\n");
        assertThat(wire.hasUnread()).isFalse();
    }

    @Test
    void aReplyHasAnEnd() {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        for (int i = 0; i < 2_000; i++) {
                            say("250-" + "x".repeat(60) + "\r\n");
                        }
                    } catch (IOException closed) {
                        // the reader had enough
                    }
                });

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> readAll("250 never"))
                .withMessageContaining("longer than 64 KB");
    }

    @Test
    void manyRepliesMayTogetherBeLong() throws IOException {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        for (int i = 0; i < 2_000; i++) {
                            say("250 " + "x".repeat(60) + "\r\n");
                        }
                        say("250 last\r\n");
                    } catch (IOException closed) {
                        // the test failed
                    }
                });

        readAll("250 last\r\n");
    }

    @Test
    @Timeout(10)
    void theLimitIsForTheWholeReply() throws IOException {
        ours.setSoTimeout(300);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            say("x");
                            TimeUnit.MILLISECONDS.sleep(50); // a server that answers drop by drop
                        }
                    } catch (IOException | InterruptedException closed) {
                        // the reader had enough
                    }
                });

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> readAll("250 never"));
        assertThat(ours.getSoTimeout()).isEqualTo(300);
    }

    @Test
    @Timeout(10)
    void aServerThatTakesNoMoreIsLeft() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> wire.getOutputStream().write(new byte[64 * 1024 * 1024]));
        assertThat(ours.isClosed()).isTrue();
    }

    @Test
    void heldCommandsGoOutTogether() throws IOException {
        wire.hold();
        wire.getOutputStream().write("MAIL\r\n".getBytes(StandardCharsets.US_ASCII));
        wire.getOutputStream().flush();
        assertThat(theirs.getInputStream().available()).isZero();

        wire.release();

        await().until(() -> theirs.getInputStream().available() == 6);
    }

    private void say(String text) throws IOException {
        theirs.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String line() throws IOException {
        byte[] octets = new byte[100];
        int read = wire.getInputStream().read(octets, 0, octets.length);
        return new String(octets, 0, read, StandardCharsets.US_ASCII);
    }

    private void readAll(String last) throws IOException {
        while (!line().equals(last)) {
            // on to the next one
        }
    }
}
