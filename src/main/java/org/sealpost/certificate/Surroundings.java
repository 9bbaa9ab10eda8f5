package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * What a certificate is looked at against.
 *
 * @param now the time
 * @param hostname the name our servers present themselves by
 * @param issuers the authorities known here that carry the name of a certificate's issuer
 */
record Surroundings(
        Instant now, String hostname, Function<X509Certificate, List<X509Certificate>> issuers) {

    /** Whether an authority known here signed it. */
    boolean knowsIssuerOf(X509Certificate certificate) {
        return issuers.apply(certificate).stream()
                .anyMatch(issuer -> ChainOrder.signed(issuer, certificate));
    }
}
