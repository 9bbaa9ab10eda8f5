package org.sealpost.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.Certificates.Successor;

/**
 * All there is to say of a certificate.
 *
 * @param chain the subjects, its own first
 * @param successor null when nothing is planned
 * @param isAuthority whether it was made here to issue others
 */
public record CertificateFacts(
        CertificateRow row,
        List<String> names,
        String issuer,
        String serialNumber,
        When begins,
        String signature,
        List<String> chain,
        List<String> usage,
        List<String> keyUsage,
        List<String> warnings,
        PrintView prints,
        @Nullable Next successor,
        boolean isAuthority) {

    /** What takes or took its place. */
    public record Next(long id, @Nullable When at, boolean switched) {}

    static CertificateFacts of(StoredCertificate certificate, Instant now) {
        Successor next = certificate.successor();
        return new CertificateFacts(
                CertificateRow.of(certificate, now),
                certificate.subjectAlternativeNames(),
                certificate.issuer(),
                certificate.serialNumber(),
                When.of(certificate.notBefore(), now),
                certificate.signature(),
                certificate.chain(),
                certificate.usage(),
                certificate.keyUsage(),
                certificate.warnings(),
                PrintView.of(certificate.fingerprints()),
                next == null
                        ? null
                        : new Next(
                                next.certificateId(),
                                When.ofNullable(next.switchAt(), now),
                                next.switched()),
                certificate.hasPrivateKey() && certificate.purpose().equals("anchor"));
    }

    /** Whether listeners or partners are shown it. */
    public boolean isIdentity() {
        return row.purpose().equals("server") || row.purpose().equals("client");
    }
}
