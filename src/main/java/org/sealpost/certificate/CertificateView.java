package org.sealpost.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.sealpost.certificate.Certificates.StoredCertificate;

/** Describes a stored certificate for people. */
final class CertificateView {

    private static final Map<String, String> USAGES =
            Map.of(
                    "1.3.6.1.5.5.7.3.1", "serverAuth",
                    "1.3.6.1.5.5.7.3.2", "clientAuth",
                    "1.3.6.1.5.5.7.3.4", "emailProtection",
                    "2.5.29.37.0", "any");

    private CertificateView() {}

    static StoredCertificate of(CertificateEntity row, List<String> usedBy, Instant now) {
        List<X509Certificate> chain = row.chain();
        X509Certificate leaf = chain.getFirst();
        return new StoredCertificate(
                row.id(),
                row.purpose().word(),
                leaf.getSubjectX500Principal().getName(),
                leaf.getIssuerX500Principal().getName(),
                SubjectNames.dns(leaf),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                key(leaf),
                leaf.getSigAlgName(),
                chainStatus(chain),
                usage(leaf),
                row.sealedKey() != null,
                usedBy,
                warnings(leaf, now),
                Map.of(
                        "certificate",
                                fingerprints(digest -> Fingerprint.ofCertificate(leaf, digest)),
                        "publicKey",
                                fingerprints(digest -> Fingerprint.ofPublicKey(leaf, digest))));
    }

    private static String key(X509Certificate certificate) {
        return switch (certificate.getPublicKey()) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec -> "EC P-" + ec.getParams().getOrder().bitLength();
            default -> certificate.getPublicKey().getAlgorithm();
        };
    }

    private static String chainStatus(List<X509Certificate> chain) {
        X509Certificate leaf = chain.getFirst();
        if (leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
            return "self-signed";
        }
        X509Certificate last = chain.getLast();
        return last.getSubjectX500Principal().equals(last.getIssuerX500Principal())
                ? "complete"
                : "incomplete";
    }

    private static List<String> usage(X509Certificate certificate) {
        try {
            List<String> oids = certificate.getExtendedKeyUsage();
            return oids == null
                    ? List.of()
                    : oids.stream().map(oid -> USAGES.getOrDefault(oid, oid)).toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> warnings(X509Certificate certificate, Instant now) {
        var warnings = new ArrayList<String>();
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            warnings.add("It expired on " + certificate.getNotAfter().toInstant() + ".");
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            warnings.add("It is not valid before " + certificate.getNotBefore().toInstant() + ".");
        }
        if (certificate.getSigAlgName().startsWith("SHA1")) {
            warnings.add("It is signed with SHA-1, which can be forged.");
        }
        return warnings;
    }

    private static Map<String, String> fingerprints(Function<Digest, Fingerprint> of) {
        var values = new LinkedHashMap<String, String>();
        Arrays.stream(Digest.values())
                .forEach(digest -> values.put(digest.word(), of.apply(digest).colonText()));
        return values;
    }
}
