package org.sealpost.policy;

import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsLevel;

/**
 * A rule of the TLS policy table.
 *
 * @param nextHop its key: {@code example.com}, {@code .example.com}, {@code [host]}, with {@code
 *     :port} or without
 * @param mode {@code enforced} or {@code disabled}
 * @param clientCertificateId the identity to present, or null
 * @param note free text for people
 * @param version for {@code ETag} and {@code If-Match}
 */
public record TlsPolicy(
        long id,
        String nextHop,
        TlsLevel level,
        PolicyAttributes attributes,
        String mode,
        @Nullable Long clientCertificateId,
        String note,
        long version) {

    static final String ENFORCED = "enforced";

    /** Whether look-ups see it; a disabled rule is as good as absent. */
    boolean isEnforced() {
        return mode.equals(ENFORCED);
    }
}
