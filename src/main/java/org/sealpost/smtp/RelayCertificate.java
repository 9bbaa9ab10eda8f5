package org.sealpost.smtp;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.Pin;

/**
 * A client certificate that may relay (Postfix: {@code relay_clientcerts}).
 *
 * @param fingerprint of the certificate or its key, e.g. {@code sha256:AA:BB..} or {@code
 *     spki-sha256:AA:BB..}; bare hex is either
 * @param name whose it is
 * @param expiresAt until when it counts; null for as long as it stands here
 */
public record RelayCertificate(
        String fingerprint, @Nullable String name, @Nullable Instant expiresAt) {

    public RelayCertificate {
        fingerprint = Objects.requireNonNullElse(fingerprint, "").strip();
    }

    /** Whether the holder of this certificate may relay now. */
    boolean covers(X509Certificate leaf, Instant now) {
        return (expiresAt == null || now.isBefore(expiresAt))
                && Pin.parse(fingerprint).filter(pin -> pin.matches(leaf)).isPresent();
    }
}
