package org.sealpost.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain put in order from whatever was handed in: each certificate is followed by the one whose
 * key signed it.
 *
 * @param chain leaf first
 * @param leftOut what is no part of it
 */
record ChainOrder(List<X509Certificate> chain, List<X509Certificate> leftOut) {

    /** RFC 5280 sets no limit; no authority in use comes near this one. */
    private static final int LONGEST = 10;

    static ChainOrder of(X509Certificate leaf, Collection<X509Certificate> given) {
        var rest = new LinkedHashSet<>(given);
        rest.remove(leaf);
        var chain = new ArrayList<>(List.of(leaf));
        X509Certificate last = leaf;
        while (chain.size() < LONGEST && !isSelfSigned(last)) {
            X509Certificate issuer = issuerOf(last, rest);
            if (issuer == null) {
                break;
            }
            rest.remove(issuer);
            chain.add(issuer);
            last = issuer;
        }
        return new ChainOrder(List.copyOf(chain), List.copyOf(rest));
    }

    /** Whether it names itself as its issuer, without looking at the signature. */
    static boolean sameName(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    static boolean isSelfSigned(X509Certificate certificate) {
        return signed(certificate, certificate);
    }

    /** The newest of those that signed it: a renewed authority keeps its name and often its key. */
    private static @Nullable X509Certificate issuerOf(
            X509Certificate certificate, Collection<X509Certificate> candidates) {
        X509Certificate best = null;
        for (X509Certificate candidate : candidates) {
            if (signed(candidate, certificate) && (best == null || outlives(candidate, best))) {
                best = candidate;
            }
        }
        return best;
    }

    private static boolean outlives(X509Certificate one, X509Certificate other) {
        return one.getNotAfter().toInstant().isAfter(other.getNotAfter().toInstant());
    }

    /** Whether it is at the end of a chain among these. */
    static boolean issuedNone(X509Certificate one, Collection<X509Certificate> all) {
        return all.stream().noneMatch(other -> !other.equals(one) && signed(one, other));
    }

    /** Whether the first one's key made the second one's signature. */
    static boolean signed(X509Certificate issuer, X509Certificate certificate) {
        if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException otherKey) {
            return false;
        }
    }
}
