package org.sealpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.SmtpReply;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;
import org.sealpost.tls.TlsRequirement.Connect;

/** The judge against the whole table of levels, server behaviours, names and pins. */
class VerdictTableTests {

    private static final TestCa CA = TestCa.create();
    private static final TlsPeer PEER = new TlsPeer("mx.example.com", "192.0.2.1", 25);
    private static final String SUITE = "TLS_AES_256_GCM_SHA384";
    private static final Map<String, Identity> SERVERS =
            Map.ofEntries(
                    Map.entry("right", CA.leaf("mx.example.com").issue()),
                    Map.entry("apex", CA.leaf("example.com").issue()),
                    Map.entry("deep", CA.leaf("a.b.c.example.com").issue()),
                    Map.entry("idn", CA.leaf("xn--bcher-kva.example").issue()),
                    Map.entry("wildcard", CA.leaf("*.example.com").issue()),
                    Map.entry("twolabels", CA.leaf("*.com").issue()),
                    Map.entry("partial", CA.leaf("m*.example.net").issue()),
                    Map.entry("wrongname", CA.leaf("mx.example.net").issue()),
                    Map.entry("ipname", CA.leaf("x192-0-2-1.example.net").issue()),
                    Map.entry(
                            "cnonly",
                            CA.leaf("x")
                                    .subject("CN=mx.example.com")
                                    .withoutAlternativeNames()
                                    .issue()),
                    Map.entry(
                            "cnignored",
                            CA.leaf("mx.example.net").subject("CN=mx.example.com").issue()),
                    Map.entry("expired", CA.leaf("mx.example.com").expired().issue()),
                    Map.entry("notyet", CA.leaf("mx.example.com").notYetValid().issue()),
                    Map.entry("forclients", CA.leaf("mx.example.com").forClients().issue()),
                    Map.entry("foreign", TestCa.create("Other").leaf("mx.example.com").issue()),
                    Map.entry("selfsigned", TestCa.selfSigned("mx.example.com")));

    @ParameterizedTest
    @CsvFileSource(
            resources = "/tls/verdicts.csv",
            delimiter = '|',
            nullValues = "-",
            ignoreLeadingAndTrailingWhitespace = true)
    void isRuledAsTheTableSays(
            String level,
            @Nullable String match,
            String server,
            @Nullable String circumstances,
            String outcome,
            @Nullable String code,
            @Nullable String status,
            @Nullable String failed) {
        Set<String> how = circumstances == null ? Set.of() : Set.of(circumstances.split(" "));
        TlsLevel known = TlsLevel.parse(level).orElseThrow();

        VerdictDocument verdict =
                TlsJudge.judge(
                                requirement(known, match, server, how),
                                PEER,
                                observation(known, server, how),
                                Duration.ofSeconds(how.contains("old") ? 300 : 0),
                                how.contains("credentials"),
                                Instant.now())
                        .document();

        assertThat(verdict.outcome()).isEqualTo(outcome);
        assertThat(verdict.code()).isEqualTo(code);
        assertThat(verdict.status()).isEqualTo(status);
        assertThat(verdict.level()).isEqualTo(known);
        assertThat(failed(verdict))
                .isEqualTo(failed == null ? Set.of() : Set.of(failed.split(" ")));
        assertThat(verdict.checks())
                .allSatisfy(check -> assertThat(check.seen()).isNotBlank())
                .filteredOn(check -> !check.result().equals("skip"))
                .allSatisfy(check -> assertThat(check.expected()).isNotBlank());
        assertThat(verdict.explanation()).isNotBlank();
        if (outcome.equals("defer")) {
            assertThat(verdict.remedy()).isNotBlank();
        }
        if (how.contains("tls10")) {
            assertThat(verdict.checks())
                    .anySatisfy(check -> {
                        assertThat(check.name()).isEqualTo("protocol");
                        assertThat(check.result()).isEqualTo("warn");
                    });
        }
    }

    private static Set<String> failed(VerdictDocument verdict) {
        return verdict.checks().stream()
                .filter(check -> check.result().equals("fail"))
                .map(VerdictDocument.CheckDocument::name)
                .collect(Collectors.toSet());
    }

    private static TlsObservation observation(TlsLevel level, String server, Set<String> how) {
        return switch (server) {
            case "offers" -> new TlsObservation.Unused(true);
            case "absent" ->
                    level == TlsLevel.NONE
                            ? new TlsObservation.Unused(false)
                            : new TlsObservation.NotOffered();
            case "refused-4xx" ->
                    new TlsObservation.Refused(SmtpReply.of(454, "4.7.0", "TLS not available"));
            case "refused-5xx" -> new TlsObservation.Refused(SmtpReply.of(502, "5.5.1", "no TLS"));
            case "broken" -> new TlsObservation.HandshakeFailed("connection reset");
            case "no-engine" -> new TlsObservation.EngineUnavailable("no provider");
            case "anonymous" ->
                    new TlsObservation.Established("TLSv1.2", SUITE, List.of(), false, false);
            default ->
                    new TlsObservation.Established(
                            how.contains("tls10")
                                    ? "TLSv1"
                                    : how.contains("wrong-protocol") ? "SSLv3" : "TLSv1.3",
                            SUITE,
                            chain(server),
                            false,
                            how.contains("resumed"));
        };
    }

    private static List<X509Certificate> chain(String server) {
        return Objects.requireNonNull(SERVERS.get(server), server).chain();
    }

    private static TlsRequirement requirement(
            TlsLevel level, @Nullable String match, String server, Set<String> how) {
        X509Certificate anchor =
                how.contains("own-anchor") ? chain(server).getFirst() : CA.certificate();
        return new TlsRequirement(
                NextHop.parse("example.com").orElseThrow(),
                level,
                how.contains("implicit") ? Connect.IMPLICIT : Connect.AUTO,
                List.of("TLSv1.3", "TLSv1.2", "TLSv1"),
                List.of(SUITE),
                names(level, match),
                pins(server, how),
                Set.of(new TrustAnchor(anchor, null)),
                null,
                null,
                how.contains("outside") ? "validation-failure" : null,
                level == TlsLevel.MAY && !how.contains("never") ? Duration.ofMinutes(5) : null,
                3600,
                null,
                null);
    }

    private static List<NamePattern> names(TlsLevel level, @Nullable String match) {
        String written = match;
        if (written == null) {
            written = level == TlsLevel.SECURE ? "nexthop dot-nexthop" : "hostname";
        }
        return Arrays.stream(written.split(" "))
                .map(name -> NamePattern.parse(name).orElseThrow())
                .toList();
    }

    private static List<Pin> pins(String server, Set<String> how) {
        Identity identity = SERVERS.get(server);
        X509Certificate leaf = identity == null ? CA.certificate() : identity.leaf();
        if (how.contains("pin-key")) {
            return List.of(
                    new Pin(Pin.Kind.PUBLIC_KEY, Fingerprint.ofPublicKey(leaf, Digest.SHA512)));
        }
        if (how.contains("pin-md5")) {
            return List.of(new Pin(Pin.Kind.EITHER, Fingerprint.ofCertificate(leaf, Digest.MD5)));
        }
        // A digest of the certificate pinned as one of the key must not match, nor another's.
        return how.contains("pin-other")
                ? List.of(
                        new Pin(
                                Pin.Kind.PUBLIC_KEY,
                                Fingerprint.ofCertificate(leaf, Digest.SHA256)),
                        new Pin(
                                Pin.Kind.EITHER,
                                Fingerprint.ofCertificate(CA.certificate(), Digest.SHA256)))
                : List.of(
                        new Pin(
                                Pin.Kind.CERTIFICATE,
                                Fingerprint.ofCertificate(leaf, Digest.SHA256)));
    }
}
