package org.sealpost.tls;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Certificates that clients show to our listeners. */
public final class ClientChains {

    private ClientChains() {}

    /**
     * Whether one of these authorities vouches for a client, now.
     *
     * @param chain leaf first
     */
    public static boolean isTrusted(
            List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant now) {
        return ChainTrust.problem(ChainTrust.CLIENT_AUTH, chain, anchors, now).isEmpty();
    }
}
