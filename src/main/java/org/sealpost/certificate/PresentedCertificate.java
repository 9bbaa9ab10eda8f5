package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A certificate that a server showed; it is stored nowhere.
 *
 * @param serialNumber in hex
 * @param subjectAlternativeNames DNS names and IP addresses
 * @param key e.g. {@code EC P-256} or {@code RSA 2048}
 * @param authority whether it may issue others
 */
public record PresentedCertificate(
        String subject,
        String issuer,
        String serialNumber,
        List<String> subjectAlternativeNames,
        Instant notBefore,
        Instant notAfter,
        String key,
        String signature,
        boolean authority,
        Fingerprints fingerprints,
        String pem) {

    /** A chain in the order it was shown. */
    public static List<PresentedCertificate> chain(List<X509Certificate> chain) {
        return IntStream.range(0, chain.size())
                .mapToObj(i -> of(chain.subList(i, chain.size())))
                .toList();
    }

    private static PresentedCertificate of(List<X509Certificate> rest) {
        X509Certificate one = rest.getFirst();
        return new PresentedCertificate(
                one.getSubjectX500Principal().getName(),
                one.getIssuerX500Principal().getName(),
                one.getSerialNumber().toString(16),
                SubjectNames.all(one),
                one.getNotBefore().toInstant(),
                one.getNotAfter().toInstant(),
                PrivateKeys.describe(one.getPublicKey()),
                one.getSigAlgName(),
                one.getBasicConstraints() >= 0,
                Fingerprints.of(rest),
                PemText.of(List.of(one)));
    }
}
