package org.sealpost.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a chain leads to a trust anchor at a given time (RFC 5280 §6), without asking anybody.
 */
final class ChainTrust {

    static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int MOST_INTERMEDIATES = 9;

    private ChainTrust() {}

    /**
     * Validates a chain.
     *
     * @param usage the extended key usage the leaf must have, if it has any
     * @param chain leaf first, the rest in any order
     * @return what is wrong with it; empty when it is trusted
     */
    static Optional<String> problem(
            String usage, List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant now) {
        X509Certificate leaf = chain.getFirst();
        if (!serves(usage, leaf)) {
            return Optional.of(
                    "the certificate is not designated for use as a "
                            + (usage.equals(SERVER_AUTH) ? "server" : "client")
                            + " certificate");
        }
        if (anchors.stream().anyMatch(anchor -> leaf.equals(anchor.getTrustedCert()))) {
            // A tafile may name the server's own certificate, and then no issuer is needed.
            return validity(leaf, now);
        }
        if (anchors.isEmpty()) {
            return Optional.of("no trust anchor is configured");
        }
        try {
            var target = new X509CertSelector();
            target.setCertificate(leaf);
            var parameters = new PKIXBuilderParameters(anchors, target);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false);
            parameters.setMaxPathLength(MOST_INTERMEDIATES);
            parameters.setDate(date(now));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return Optional.empty();
        } catch (CertPathBuilderException e) {
            return Optional.of(validity(leaf, now).orElseGet(() -> reason(leaf)));
        } catch (GeneralSecurityException e) {
            return Optional.of("the chain cannot be validated: " + e.getMessage());
        }
    }

    /** What is wrong with a certificate's dates; empty when it is valid now. */
    static Optional<String> validity(X509Certificate certificate, Instant now) {
        Instant begins = certificate.getNotBefore().toInstant();
        Instant ends = certificate.getNotAfter().toInstant();
        if (now.isAfter(ends)) {
            return Optional.of("the certificate expired on " + ends);
        }
        return now.isBefore(begins)
                ? Optional.of("the certificate is not valid before " + begins)
                : Optional.empty();
    }

    private static String reason(X509Certificate leaf) {
        return leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())
                ? "self-signed certificate"
                : "untrusted issuer " + leaf.getIssuerX500Principal().getName();
    }

    private static boolean serves(String usage, X509Certificate leaf) {
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            return usages == null || usages.contains(usage) || usages.contains(ANY_USAGE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    @SuppressWarnings("JavaUtilDate") // the certificate API knows nothing newer
    private static Date date(Instant instant) {
        return Date.from(instant);
    }
}
