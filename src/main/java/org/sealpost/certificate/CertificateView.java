package org.sealpost.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.Certificates.Successor;

/** Describes a certificate for people. */
final class CertificateView {

    private static final Map<String, String> EXTENDED =
            Map.of(
                    "1.3.6.1.5.5.7.3.1", "serverAuth",
                    "1.3.6.1.5.5.7.3.2", "clientAuth",
                    "1.3.6.1.5.5.7.3.4", "emailProtection",
                    "2.5.29.37.0", "any");

    /** In the order of the bits (RFC 5280 §4.2.1.3). */
    private static final List<String> KEY_USAGE =
            List.of(
                    "digitalSignature",
                    "nonRepudiation",
                    "keyEncipherment",
                    "dataEncipherment",
                    "keyAgreement",
                    "keyCertSign",
                    "cRLSign",
                    "encipherOnly",
                    "decipherOnly");

    private CertificateView() {}

    static StoredCertificate of(
            CertificateEntity row,
            List<String> usedBy,
            @Nullable Succession succession,
            Surroundings surroundings) {
        List<X509Certificate> chain = row.chain();
        Purpose purpose = row.purpose();
        return describe(
                row.id(),
                purpose,
                chain,
                row.sealedKey() != null,
                usedBy,
                succession == null
                        ? null
                        : new Successor(
                                succession.successorId(),
                                succession.switchAt(),
                                succession.hasSwitched(surroundings.now())),
                Findings.warnings(purpose, chain, surroundings),
                surroundings);
    }

    /** What an upload would become. */
    static StoredCertificate of(Intake intake, @Nullable Long id, Surroundings surroundings) {
        return describe(
                id,
                intake.purpose(),
                intake.chain(),
                intake.key() != null,
                List.of(),
                null,
                intake.warnings(),
                surroundings);
    }

    private static StoredCertificate describe(
            @Nullable Long id,
            Purpose purpose,
            List<X509Certificate> chain,
            boolean hasPrivateKey,
            List<String> usedBy,
            @Nullable Successor successor,
            List<String> warnings,
            Surroundings surroundings) {
        X509Certificate leaf = chain.getFirst();
        return new StoredCertificate(
                id,
                purpose.word(),
                leaf.getSubjectX500Principal().getName(),
                leaf.getIssuerX500Principal().getName(),
                leaf.getSerialNumber().toString(16),
                SubjectNames.all(leaf),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                PrivateKeys.describe(leaf.getPublicKey()),
                leaf.getSigAlgName(),
                ChainStatus.of(chain, surroundings).word(),
                chain.stream().map(one -> one.getSubjectX500Principal().getName()).toList(),
                usage(leaf),
                keyUsage(leaf),
                hasPrivateKey,
                usedBy,
                successor,
                warnings,
                Fingerprints.of(chain));
    }

    private static List<String> usage(X509Certificate certificate) {
        try {
            List<String> oids = certificate.getExtendedKeyUsage();
            return oids == null
                    ? List.of()
                    : oids.stream().map(oid -> EXTENDED.getOrDefault(oid, oid)).toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> keyUsage(X509Certificate certificate) {
        boolean[] bits = certificate.getKeyUsage();
        var words = new ArrayList<String>();
        for (int i = 0; bits != null && i < Math.min(bits.length, KEY_USAGE.size()); i++) {
            if (bits[i]) {
                words.add(KEY_USAGE.get(i));
            }
        }
        return words;
    }
}
