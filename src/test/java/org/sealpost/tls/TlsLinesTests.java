package org.sealpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.mail.NextHop;
import org.sealpost.testing.TestCa;
import org.sealpost.tls.TlsRequirement.Connect;

/** Lines that log parsers made for Postfix read. */
class TlsLinesTests {

    private static final TlsPeer PEER = new TlsPeer("mx.example.com", "192.0.2.1", 25);

    @ParameterizedTest
    @CsvSource({"none, true,  Host offered STARTTLS: [mx.example.com]", "none, false, ''"})
    void tellAnOfferThatARuleLeftUnused(String level, boolean offered, String line) {
        assertThat(line(level, new TlsObservation.Unused(offered))).isEqualTo(line);
    }

    @Test
    void tellNoOfferThatWasNotThere() {
        assertThat(line("may", new TlsObservation.NotOffered())).isEmpty();
    }

    @Test
    void tellTheSessionInPostfixsWords() {
        List<X509Certificate> chain = TestCa.selfSigned("mx.example.com").chain();
        var session =
                new TlsObservation.Established(
                        "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", chain, false, false);

        assertThat(TlsLines.outbound(verdict("encrypt", session).evidence(), PEER))
                .isEqualTo(
                        "Untrusted TLS connection established to mx.example.com[192.0.2.1]:25:"
                                + " TLSv1.2 with cipher ECDHE-RSA-AES128-GCM-SHA256 (128/128 bits)");
    }

    @Test
    void tellTheCertificateAndEachCheckWhenMoreIsAskedFor() {
        List<X509Certificate> chain = TestCa.selfSigned("mx.example.com").chain();
        var session =
                new TlsObservation.Established(
                        "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", chain, false, false);

        List<String> lines = TlsLines.details(verdict("encrypt", session).evidence(), PEER);

        assertThat(lines).allMatch(line -> line.startsWith("mx.example.com[192.0.2.1]:25: "));
        assertThat(lines.getFirst())
                .contains("subject=CN=mx.example.com")
                .contains(Fingerprint.ofCertificate(chain.getFirst(), Digest.SHA256).colonText());
        assertThat(lines)
                .anyMatch(line -> line.contains(": protocol pass: expected TLSv1.2, seen TLSv1.2"))
                .anyMatch(line -> line.contains(": chain warn: "));
        assertThat(
                        TlsLines.details(
                                verdict("may", new TlsObservation.NotOffered()).evidence(), PEER))
                .allMatch(line -> line.contains("starttls"));
    }

    private static String line(String level, TlsObservation seen) {
        return TlsLines.unusedOffer(verdict(level, seen).evidence(), PEER).orElse("");
    }

    private static Verdict verdict(String level, TlsObservation seen) {
        var requirement =
                new TlsRequirement(
                        NextHop.parse("example.com").orElseThrow(),
                        TlsLevel.parse(level).orElseThrow(),
                        Connect.AUTO,
                        List.of("TLSv1.2"),
                        List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                        List.of(),
                        List.of(),
                        Set.of(),
                        null,
                        null,
                        null,
                        null,
                        0,
                        null,
                        null);
        return TlsJudge.judge(requirement, PEER, seen, Duration.ZERO, false, Instant.now());
    }
}
