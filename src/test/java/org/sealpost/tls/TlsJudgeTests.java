package org.sealpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.SmtpReply;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;

/** Level x what the server showed, as Postfix semantics 1.2 and 1.8 have it. */
class TlsJudgeTests {

    private static final TestCa CA = TestCa.create();
    private static final TlsPeer PEER = new TlsPeer("mx.example.com", "192.0.2.1", 25);
    private static final String SUITE = "TLS_AES_256_GCM_SHA384";
    private static final Identity RIGHT = CA.leaf("mx.example.com").issue();

    private static final Map<String, Identity> SERVERS =
            Map.of(
                    "right", RIGHT,
                    "wildcard", CA.leaf("*.example.com").issue(),
                    "two-labels", CA.leaf("*.com").issue(),
                    "wrong-name", CA.leaf("mx.example.net").issue(),
                    "cn-only",
                            CA.leaf("x")
                                    .subject("CN=mx.example.com")
                                    .withoutAlternativeNames()
                                    .issue(),
                    "expired", CA.leaf("mx.example.com").expired().issue(),
                    "for-clients", CA.leaf("mx.example.com").forClients().issue(),
                    "foreign", TestCa.create("Other").leaf("mx.example.com").issue(),
                    "self-signed", TestCa.selfSigned("mx.example.com"));

    @ParameterizedTest
    @CsvSource({
        "may,         self-signed, deliver-encrypted, ,      Untrusted",
        "may,         right,       deliver-encrypted, ,      Trusted",
        "encrypt,     self-signed, deliver-encrypted, ,      Untrusted",
        "encrypt,     expired,     deliver-encrypted, ,      Untrusted",
        "fingerprint, right,       deliver-encrypted, ,      Verified",
        "fingerprint, wildcard,    defer,             4.7.5, Untrusted",
        "verify,      right,       deliver-encrypted, ,      Verified",
        "verify,      wildcard,    deliver-encrypted, ,      Verified",
        "verify,      two-labels,  defer,             4.7.5, Trusted",
        "verify,      cn-only,     deliver-encrypted, ,      Verified",
        "verify,      wrong-name,  defer,             4.7.5, Trusted",
        "verify,      expired,     defer,             4.7.5, Untrusted",
        "verify,      for-clients, defer,             4.7.5, Untrusted",
        "verify,      foreign,     defer,             4.7.5, Untrusted",
        "verify,      self-signed, defer,             4.7.5, Untrusted",
        "secure,      right,       deliver-encrypted, ,      Verified",
        "secure,      wrong-name,  defer,             4.7.5, Trusted"
    })
    void judgesWhatTheServerPresents(
            String word, String server, String outcome, String code, String status) {
        TlsLevel level = TlsLevel.parse(word).orElseThrow();
        var document =
                judge(
                                level,
                                established(Objects.requireNonNull(SERVERS.get(server))),
                                Duration.ZERO)
                        .document();

        assertThat(document.outcome()).isEqualTo(outcome);
        assertThat(document.code()).isEqualTo(code);
        assertThat(document.status()).isEqualTo(status);
        assertThat(document.level()).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({
        "may,         absent,   0, deliver-clear, ",
        "may,         refused,  0, deliver-clear, ",
        "may,         broken,   0, defer,         4.7.5",
        "may,         broken, 300, deliver-clear, ",
        "encrypt,     absent, 300, defer,         4.7.4",
        "encrypt,     refused,300, defer,         4.7.4",
        "encrypt,     broken, 300, defer,         4.7.5",
        "fingerprint, absent, 300, defer,         4.7.4",
        "verify,      broken, 300, defer,         4.7.5",
        "secure,      absent, 300, defer,         4.7.4"
    })
    void judgesAMissingSession(
            String word, String server, long ageSeconds, String outcome, String code) {
        TlsLevel level = TlsLevel.parse(word).orElseThrow();
        TlsObservation observation =
                switch (server) {
                    case "absent" -> new TlsObservation.NotOffered();
                    case "refused" ->
                            new TlsObservation.Refused(SmtpReply.of(502, "5.5.1", "no TLS here"));
                    default -> new TlsObservation.HandshakeFailed("connection reset");
                };

        var document = judge(level, observation, Duration.ofSeconds(ageSeconds)).document();

        assertThat(document.outcome()).isEqualTo(outcome);
        assertThat(document.code()).isEqualTo(code);
    }

    @Test
    void credentialsNeverGoToAServerThatIsNotVerified() {
        Verdict verdict =
                TlsJudge.judge(
                        requirement(TlsLevel.ENCRYPT),
                        PEER,
                        established(RIGHT),
                        Duration.ZERO,
                        true,
                        Instant.now());

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Defer.class,
                        defer ->
                                assertThat(defer.refusal())
                                        .isEqualTo(new TlsRefusal.CredentialsNeedVerified(PEER)));
    }

    private static Verdict judge(TlsLevel level, TlsObservation observation, Duration age) {
        return TlsJudge.judge(requirement(level), PEER, observation, age, false, Instant.now());
    }

    private static TlsObservation established(Identity server) {
        return new TlsObservation.Established("TLSv1.3", SUITE, server.chain(), false, false);
    }

    private static TlsRequirement requirement(TlsLevel level) {
        return new TlsRequirement(
                NextHop.parse("example.com").orElseThrow(),
                level,
                TlsRequirement.Connect.AUTO,
                List.of("TLSv1.3"),
                List.of(SUITE),
                level == TlsLevel.SECURE
                        ? List.of(new NamePattern.Nexthop(), new NamePattern.DotNexthop())
                        : List.of(new NamePattern.Hostname()),
                List.of(
                        new Pin(
                                Pin.Kind.EITHER,
                                Fingerprint.ofPublicKey(RIGHT.leaf(), Digest.SHA256))),
                Set.of(new TrustAnchor(CA.certificate(), null)),
                null,
                null,
                null,
                Duration.ofSeconds(300),
                3600,
                null,
                null);
    }
}
