package org.sealpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.mail.NextHop;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;
import org.sealpost.tls.TlsRequirement.Connect;

/** What this end does in a real handshake: its certificate, its SNI, and when it resumes. */
class ClientTlsTests {

    private static final TestCa CA = TestCa.create();
    private static final Identity SERVER = CA.leaf("mx.example.com").issue();
    private static final Identity CLIENT = CA.leaf("client.example").forClients().issue();

    private final ClientTls tls = new ClientTls();
    private @Nullable TlsServer server;

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void presentsItsCertificateForItsRuleAndForNoOther() throws Exception {
        TlsServer asking = start(TlsServer.needingClients(SERVER, CA));

        talk(asking, rule(1, new KeyIdentity(7, CLIENT.key(), CLIENT.chain()), 3600));

        assertThat(next(asking.seen()).client()).isEqualTo(CLIENT.leaf());
        assertThatThrownBy(() -> talk(asking, rule(2, null, 3600))).isInstanceOf(IOException.class);
    }

    @Test
    void aResumedSessionIsJudgedAgainFromItsStoredChain() throws Exception {
        TlsServer plain = start(TlsServer.of(SERVER));
        TlsRequirement rule = rule(1, null, 3600);
        talk(plain, rule);

        var resumed = talk(plain, rule);

        assertThat(resumed.resumed()).isTrue();
        assertThat(resumed.chain()).startsWith(SERVER.leaf());
        assertThat(judged(rule, resumed, Instant.now())).isEqualTo("deliver-encrypted");
        assertThat(judged(rule, resumed, Instant.now().plus(Duration.ofDays(500))))
                .isEqualTo("defer");
        assertThat(judged(pinned(1, "aa"), resumed, Instant.now())).isEqualTo("defer");
    }

    @Test
    void aSessionIsNotResumedUnderAnotherRequirement() throws Exception {
        TlsServer plain = start(TlsServer.of(SERVER));
        talk(plain, rule(1, null, 3600));

        assertThat(talk(plain, rule(2, null, 3600)).resumed()).isFalse();
        assertThat(talk(plain, pinned(1, "aa")).resumed()).isFalse();
        assertThat(talk(plain, pinned(1, "bb")).resumed()).isFalse();
        assertThat(
                        talk(plain, rule(1, new KeyIdentity(7, CLIENT.key(), CLIENT.chain()), 3600))
                                .resumed())
                .isFalse();
        assertThat(talk(plain, rule(1, null, 3600)).resumed()).isTrue();
    }

    @Test
    void nothingIsResumedWithoutACache() throws Exception {
        TlsServer plain = start(TlsServer.of(SERVER));

        talk(plain, rule(1, null, 0));

        assertThat(talk(plain, rule(1, null, 0)).resumed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.com,  ,             mx.example.com",
        "mx.example.com,  sni.example,  sni.example",
        "192.0.2.1,       ,             ''",
        "_bad.example.com,,             ''"
    })
    void asksForTheServersOwnNameUnlessAnotherIsGiven(
            String host, @Nullable String servername, String sni) throws Exception {
        TlsServer plain = start(TlsServer.of(SERVER));

        talk(plain, host, rule(1, null, 3600, servername));

        assertThat(next(plain.seen()).sni()).isEqualTo(sni);
    }

    private TlsServer start(TlsServer started) {
        server = started;
        return started;
    }

    private static TlsServer.Seen next(BlockingQueue<TlsServer.Seen> seen) throws Exception {
        TlsServer.Seen one = seen.poll(10, TimeUnit.SECONDS);
        assertThat(one).isNotNull();
        return one;
    }

    private TlsObservation.Established talk(TlsServer to, TlsRequirement rule) throws IOException {
        return talk(to, "mx.example.com", rule);
    }

    /** Reads a line, too: only then has a TLS 1.3 server said whether it takes the certificate. */
    private TlsObservation.Established talk(TlsServer to, String host, TlsRequirement rule)
            throws IOException {
        var peer = new TlsPeer(host, "127.0.0.1", to.port());
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
            socket.setSoTimeout(10_000);
            ClientTls.Started started = tls.start(socket, rule, peer, true);
            try (var encrypted = started.socket()) {
                assertThat(encrypted.getInputStream().readNBytes(2))
                        .isEqualTo(new byte[] {'o', 'k'});
                return started.observation();
            }
        }
    }

    private static String judged(
            TlsRequirement rule, TlsObservation.Established session, Instant now) {
        var peer = new TlsPeer("mx.example.com", "127.0.0.1", 25);
        return TlsJudge.judge(rule, peer, session, Duration.ZERO, false, now).document().outcome();
    }

    private static TlsRequirement rule(long id, @Nullable KeyIdentity client, int sessionSeconds) {
        return rule(id, client, sessionSeconds, null);
    }

    private static TlsRequirement rule(
            long id, @Nullable KeyIdentity client, int seconds, @Nullable String servername) {
        return requirement(id, TlsLevel.VERIFY, List.of(), client, seconds, servername);
    }

    private static TlsRequirement pinned(long id, String octet) {
        var pin = new Pin(Pin.Kind.EITHER, new Fingerprint(Digest.SHA256, octet.repeat(32)));
        return requirement(id, TlsLevel.FINGERPRINT, List.of(pin), null, 3600, null);
    }

    private static TlsRequirement requirement(
            long id,
            TlsLevel level,
            List<Pin> pins,
            @Nullable KeyIdentity client,
            int sessionSeconds,
            @Nullable String servername) {
        return new TlsRequirement(
                NextHop.parse("example.com").orElseThrow(),
                level,
                Connect.IMPLICIT,
                List.of("TLSv1.3", "TLSv1.2"),
                Ciphers.of("ciphers", "medium", List.of()),
                List.of(new NamePattern.Hostname()),
                pins,
                Set.of(new TrustAnchor(CA.certificate(), null)),
                servername,
                client,
                null,
                null,
                sessionSeconds,
                null,
                id);
    }
}
