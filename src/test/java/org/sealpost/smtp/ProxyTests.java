package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;

/** The PROXY protocol: who may use it, and what it says. */
@RunningSealpost
class ProxyTests {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private final BeanFactory sealpost;
    private final List<RunningListener> started = new ArrayList<>();
    private final List<InboundSession> ended = new ArrayList<>();

    ProxyTests(BeanFactory sealpost) {
        this.sealpost = sealpost;
    }

    @AfterEach
    void stop() {
        started.forEach(RunningListener::beginStop);
        started.forEach(listener -> listener.finishStop(Instant.now()));
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.9 192.0.2.1 4711 25,            192.0.2.9,   4711",
        "PROXY TCP6 2001:db8::9 2001:db8::1 4711 25,        2001:db8::9, 4711",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255, 65535"
    })
    void version1(String line, String address, int port) throws IOException {
        var wire =
                new ByteArrayInputStream((line + "\r\nEHLO").getBytes(StandardCharsets.US_ASCII));

        assertThat(ProxyHeader.read(wire)).isEqualTo(client(address, port));

        assertThat(new String(wire.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("EHLO");
    }

    @ParameterizedTest
    @CsvSource({
        // the stock parser refuses a length with a high low octet
        "2111000c, c0000209 c0000201 1267 0019,               '', 192.0.2.9",
        "21110098, c0000209 c0000201 1267 0019,               280, 192.0.2.9",
        // and takes the port of IPv6 from the destination's address
        "21210024, 20010db8000000000000000000000009 20010db8000000000000000000000001 1267 0019, '', 2001:db8::9"
    })
    void version2(String head, String addresses, String padding, String address)
            throws IOException {
        String pad = padding.isEmpty() ? "" : "00".repeat(Integer.parseInt(padding) / 2);
        byte[] header =
                HexFormat.of().parseHex((SIGNATURE + head + addresses + pad).replace(" ", ""));
        var wire = new ByteArrayInputStream(header);

        assertThat(ProxyHeader.read(wire)).isEqualTo(client(address, 4711));

        assertThat(wire.available()).isZero();
    }

    private static ProxyHeader.Origin client(String address, int port) {
        return new ProxyHeader.Origin.Client(
                new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    // "The receiver must accept this connection as valid and must use the real connection
    // endpoints and discard the protocol block including the family which is ignored."
    @ParameterizedTest
    @ValueSource(
            strings = {
                "20000000",
                "2000000400000000",
                "2011000cc0000209c000020112670019",
                "20ff0000"
            })
    void version2OfAHealthCheckIsTheProxyItself(String rest) throws IOException {
        var wire = new ByteArrayInputStream(HexFormat.of().parseHex(SIGNATURE + rest));

        assertThat(ProxyHeader.read(wire)).isEqualTo(new ProxyHeader.Origin.Proxy());
        assertThat(wire.available()).isZero();
    }

    // "For UNKNOWN, the rest of the line before the CRLF may be omitted by the sender, and the
    // receiver must ignore anything presented before the CRLF is found."
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n",
                "PROXY UNKNOWN 192.0.2.9 192.0.2.1 70000 not a port\r\n"
            })
    void version1MayNameNobody(String line) throws IOException {
        assertThat(
                        ProxyHeader.read(
                                new ByteArrayInputStream(line.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(new ProxyHeader.Origin.Unknown());
    }

    @Test
    void version2MayNameNobody() throws IOException {
        byte[] header = HexFormat.of().parseHex(SIGNATURE + "2100000401020304");

        assertThat(ProxyHeader.read(new ByteArrayInputStream(header)))
                .isEqualTo(new ProxyHeader.Origin.Unknown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "E",
                "PROXY UNKNOWNS\r\n",
                "PROXY UNKNOWN\n",
                "PROXY TCP4 192.0.2.9 192.0.2.1 4711 25\n",
                "PROXY TCP4 2001:db8::9 2001:db8::1 4711 25\r\n",
                "PROXY TCP4 192.0.2.9 192.0.2.1 70000 25\r\n",
                "PROXY TCP4  192.0.2.9 192.0.2.1 4711 25\r\n",
                "PROXY TCP4 mx.example 192.0.2.1 4711 25\r\n",
                "PROXY TCP4 192.0.2.9 192.0.2.1 4711 25 and so on and on and on and on and on and on and on and on and on\r\n",
                "PRO"
            })
    void whatIsNoHeaderIsRefused(String text) {
        assertThatIOException()
                .isThrownBy(() ->
                        ProxyHeader.read(
                                new ByteArrayInputStream(
                                        text.getBytes(StandardCharsets.US_ASCII))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0d0a0d0a000d0a515549540b2111000cc0000209c000020112670019", // another signature
                "0d0a0d0a000d0a515549540a1111000cc0000209c000020112670019", // version 1 in binary
                "0d0a0d0a000d0a515549540a2211000cc0000209c000020112670019", // an unknown command
                "0d0a0d0a000d0a515549540a2112000cc0000209c000020112670019", // UDP
                "0d0a0d0a000d0a515549540a2131000400000000", // a Unix socket
                "0d0a0d0a000d0a515549540a21110004c0000209", // too short
                "0d0a0d0a000d0a515549540a2111000cc0000209", // broken off
                "0d0a0d0a000d0a515549540a2111ffff" // endless
            })
    void whatIsNoBinaryHeaderIsRefused(String hex) {
        assertThatIOException()
                .isThrownBy(() ->
                        ProxyHeader.read(new ByteArrayInputStream(HexFormat.of().parseHex(hex))));
    }

    @Test
    void theClientBehindATrustedProxyIsJudgedByItsOwnAddress() throws IOException {
        int port = listener("127.0.0.1/32", false, 1);
        String header = "PROXY TCP4 192.0.2.9 127.0.0.1 4711 25\r\n";
        try (var one = new Talk(port)) {
            one.send(header + "EHLO client.example\r\n"); // sent at once: nothing may get lost
            assertThat(one.line()).startsWith("220 ");
            assertThat(one.line()).startsWith("250-");
            one.send("MAIL FROM:<a@sender.example>\r\n");
            skipTo(one, "250 2.1.0 Ok");
            assertThat(one.say("RCPT TO:<b@any.example>"))
                    .isEqualTo("554 5.7.1 <b@any.example>: Relay access denied");
            try (var second = new Talk(port);
                    var other = new Talk(port)) {
                second.send(header);
                assertThat(second.line()).isEqualTo("421 4.7.0 Error: too many connections");
                other.send("PROXY TCP4 192.0.2.10 127.0.0.1 4711 25\r\n");
                assertThat(other.line()).startsWith("220 ");
            }
            assertThat(one.say("QUIT")).startsWith("221 ");
            assertThat(one.line()).isNull();
        }
        stop();
        assertThat(ended).anyMatch(session -> session.peer().equals("192.0.2.9:4711"));
    }

    @Test
    void theHeaderStandsBeforeTls() throws IOException {
        int port = listener("127.0.0.0/8", true, 50);
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(10_000);
            plain.getOutputStream()
                    .write(
                            "PROXY TCP4 192.0.2.9 127.0.0.1 4711 465\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            try (var call = new TlsCaller(null).call(plain)) {
                assertThat(call.reply()).startsWith("220 ");
                assertThat(call.say("EHLO client.example")).startsWith("250 ");
            }
        }
    }

    @Test
    void aTrustedProxyWithoutAHeaderGetsNoSession() throws IOException {
        try (var talk = new Talk(listener("127.0.0.1/32", false, 50))) {
            talk.send("EHLO client.example\r\n");
            assertThat(talk.line()).isNull();
        }
    }

    @Test
    void nobodyElseMayClaimAnAddress() throws IOException {
        try (var talk = new Talk(listener("192.0.2.1/32", false, 50))) {
            assertThat(talk.line()).startsWith("220 ");
            assertThat(talk.say("PROXY TCP4 10.0.0.1 127.0.0.1 4711 25")).startsWith("500 5.5.2 ");
        }
        stop();
        assertThat(ended).allMatch(session -> session.peer().startsWith("127.0.0.1:"));
    }

    private static void skipTo(Talk talk, String reply) throws IOException {
        String line = talk.line();
        while (line != null && !line.equals(reply)) {
            line = talk.line();
        }
        assertThat(line).isEqualTo(reply);
    }

    private int listener(String proxies, boolean implicitTls, int perAddress) throws IOException {
        RunningListener running =
                TestListeners.start(
                        sealpost,
                        event -> {
                            synchronized (ended) {
                                ended.add((InboundSession) event);
                            }
                        },
                        TestListeners.behindProxy(
                                proxies,
                                implicitTls,
                                ListenerSettings.Limits.of(
                                        60, 10, 20, 10_000, 100, 1000, perAddress)));
        started.add(running);
        return running.port();
    }
}
