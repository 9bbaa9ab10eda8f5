package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.delivery.Dialer.Dialed;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.delivery.events.DeliveryAttempted.Step;

/** Which address of a host is connected to, on loopback addresses of one port. */
class DialerTests {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final Transcript transcript = new Transcript(Clock.systemUTC());
    private final Set<Socket> opened = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @CsvSource({
        // RFC 8305 §4: the families take turns; inside a family the order of DNS is kept.
        "::1 ::2 1.0.0.1 1.0.0.2,       ::1 1.0.0.1 ::2 1.0.0.2",
        "1.0.0.2 1.0.0.1 ::9,           1.0.0.2 ::9 1.0.0.1",
        "1.0.0.3 1.0.0.1 1.0.0.2,       1.0.0.3 1.0.0.1 1.0.0.2",
        "::1,                           ::1"
    })
    void familiesTakeTurns(String found, String order) {
        assertThat(Dialer.inTurns(targets(25, found.split(" "))))
                .isEqualTo(targets(25, order.split(" ")));
    }

    @Test
    void theNextAddressIsTriedAtOnceWhenOneFails() throws IOException {
        try (var server = listening("127.0.0.2", 50)) {
            var dialed =
                    dial(LONG, server.getLocalPort(), Way.smtp(null), "127.0.0.1", "127.0.0.2");

            assertThat(dialed).isInstanceOf(Dialed.Connected.class);
            var connected = (Dialed.Connected) dialed;
            assertThat(connected.target().address()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
            assertThat(connected.failed()).hasSize(1);
            assertThat(lines()).anyMatch(line -> line.startsWith("connect to mx[127.0.0.1]:"));
            connected.socket().close();
        }
    }

    @Test
    void anAddressThatIsLateIsOvertakenAndClosed() throws IOException {
        try (var server = listening("127.0.0.2", 50);
                var silent = new SilentServer("127.0.0.1", server.getLocalPort())) {
            var dialed =
                    dial(
                            Duration.ofMillis(20),
                            silent.port(),
                            Way.smtp(null),
                            "127.0.0.1",
                            "127.0.0.2");

            var connected = (Dialed.Connected) dialed;
            assertThat(connected.target().address()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
            assertThat(connected.failed()).isEmpty();
            assertThat(lines()).anyMatch(line -> line.startsWith("not waited for: mx[127.0.0.1]"));
            connected.socket().close();
            assertThat(opened).hasSize(2).allMatch(Socket::isClosed);
        }
    }

    @Test
    void theFirstAddressIsAloneWhileItIsInTime() throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.ofLiteral("0.0.0.0"))) {
            var dialed =
                    dial(LONG, server.getLocalPort(), Way.smtp(null), "127.0.0.1", "127.0.0.2");

            var connected = (Dialed.Connected) dialed;
            assertThat(connected.target().address()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            assertThat(opened).hasSize(1);
            connected.socket().close();
        }
    }

    @Test
    void whenNoAddressAnswersTheLastFailureIsToldAndEachIsNoted() throws IOException {
        int port;
        try (var server = listening("127.0.0.1", 50)) {
            port = server.getLocalPort();
        }
        var dialed = dial(LONG, port, Way.smtp(null), "127.0.0.1", "127.0.0.2");

        assertThat(((Dialed.Failed) dialed).code()).isEqualTo("4.4.1");
        assertThat(((Dialed.Failed) dialed).text()).contains("connect to mx[127.0.0.2]:" + port);
        assertThat(lines()).hasSize(2);
    }

    @Test
    void mailLeavesFromTheSourceAddressOfItsFamily() throws IOException {
        var sources =
                List.of(InetAddress.ofLiteral("2001:db8::1"), InetAddress.ofLiteral("127.0.0.3"));
        try (var server = listening("127.0.0.1", 50)) {
            var dialed =
                    dial(
                            LONG,
                            server.getLocalPort(),
                            new Way(Way.Protocol.SMTP, null, sources),
                            "127.0.0.1");

            assertThat(dialed).isInstanceOf(Dialed.Connected.class);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInetAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.3"));
            }
        }
    }

    @Test
    void aSourceAddressThatIsGoneDefersAndSaysSo() throws IOException {
        var gone = List.of(InetAddress.ofLiteral("192.0.2.77"));
        try (var server = listening("127.0.0.1", 50)) {
            var dialed =
                    dial(
                            LONG,
                            server.getLocalPort(),
                            new Way(Way.Protocol.SMTP, null, gone),
                            "127.0.0.1");

            var failed = (Dialed.Failed) dialed;
            assertThat(failed.code()).isEqualTo("4.3.5");
            assertThat(failed.text())
                    .contains("cannot send from its source address 192.0.2.77", "change it");
        }
    }

    private Dialed dial(Duration delay, int port, Way way, String... addresses) {
        return new Dialer(LONG, delay).dial(targets(port, addresses), way, opened::add, transcript);
    }

    private List<String> lines() {
        return transcript.steps().stream().map(Step::line).toList();
    }

    private static List<Target> targets(int port, String... addresses) {
        return List.of(addresses).stream()
                .map(one -> new Target("mx", InetAddress.ofLiteral(one), port))
                .toList();
    }

    private static ServerSocket listening(String address, int backlog) throws IOException {
        return new ServerSocket(0, backlog, InetAddress.ofLiteral(address));
    }

    /** Takes no connection: its queue is full. */
    private static final class SilentServer implements AutoCloseable {
        private final ServerSocket server;
        private final List<Socket> queued = new ArrayList<>();

        SilentServer(String address, int port) throws IOException {
            server = new ServerSocket(port, 1, InetAddress.ofLiteral(address));
            boolean full = false;
            while (!full) {
                var socket = new Socket();
                queued.add(socket);
                try {
                    socket.connect(
                            new InetSocketAddress(InetAddress.ofLiteral(address), port), 100);
                } catch (IOException queueIsFull) {
                    full = true;
                }
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }
}
