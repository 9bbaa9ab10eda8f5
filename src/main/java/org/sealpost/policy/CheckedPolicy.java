package org.sealpost.policy;

import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsLevel;

/**
 * A draft that passed every check, in canonical form.
 *
 * @param nextHop the key the table is asked for
 */
record CheckedPolicy(
        String nextHop,
        TlsLevel level,
        PolicyAttributes attributes,
        String mode,
        @Nullable Long clientCertificateId,
        String note) {}
