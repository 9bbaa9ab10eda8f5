package org.sealpost.selftest;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.tls.VerdictDocument;

/**
 * What an earlier test of the same found, in short.
 *
 * @param outcome what mail would meet; null when no session came that far
 * @param grade of a listener; null for others
 * @param status of the server's certificate, as {@code Verified}; null without TLS
 * @param protocol null without TLS, as are the next two
 * @param certificate its SHA-256 fingerprint
 * @param certificateEnds when the certificate ends
 * @param daysLeft how long it was good when it was seen; negative when it had ended
 */
public record PastTest(
        long id,
        Instant at,
        @Nullable String outcome,
        @Nullable String grade,
        @Nullable String status,
        @Nullable String protocol,
        @Nullable String cipher,
        @Nullable String certificate,
        @Nullable Instant certificateEnds,
        @Nullable Long daysLeft,
        boolean worse) {

    static PastTest of(SelfTest test) {
        VerdictDocument verdict = test.verdict();
        PresentedCertificate leaf =
                test.targets().stream()
                        .flatMap(target -> target.chain().stream().limit(1))
                        .findFirst()
                        .orElse(null);
        return new PastTest(
                test.id(),
                test.createdAt(),
                verdict == null ? null : verdict.outcome(),
                test.grade(),
                verdict == null ? null : verdict.status(),
                verdict == null ? null : verdict.protocol(),
                verdict == null ? null : verdict.cipher(),
                leaf == null ? null : leaf.fingerprints().certificate().get("sha256"),
                leaf == null ? null : leaf.notAfter(),
                leaf == null ? null : Duration.between(test.createdAt(), leaf.notAfter()).toDays(),
                !test.worse().isEmpty());
    }
}
