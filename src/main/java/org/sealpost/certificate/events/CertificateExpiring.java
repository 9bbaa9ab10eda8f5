package org.sealpost.certificate.events;

import java.time.Instant;
import java.util.List;

/**
 * A stored certificate came within 30, 14, 7 or 1 days of its end, or passed it; published once for
 * each.
 *
 * @param certificateId its id in the API
 * @param purpose {@code server}, {@code client}, {@code trust}, {@code anchor} or {@code peer}
 * @param threshold the days it came within; 0 when it has expired
 * @param usedBy who uses it, in words; empty when nobody does
 * @param text all of it in a sentence
 */
public record CertificateExpiring(
        long certificateId,
        String purpose,
        String subject,
        Instant notAfter,
        int threshold,
        List<String> usedBy,
        String text) {

    public CertificateExpiring {
        usedBy = List.copyOf(usedBy);
    }
}
