package org.sealpost.certificate;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;

/**
 * Which stored certificates are wanted, and in which order.
 *
 * @param text part of a subject, a name or a SHA-256 fingerprint; null for all
 * @param purpose only of this purpose, or of these with commas between; null for all
 * @param sort {@code notAfter}, {@code subject}, {@code purpose} or {@code id}; with a minus in
 *     front the other way round
 * @param after the key of the last one seen; null for the first page
 * @param size at most so many
 */
public record CertificateQuery(
        @Nullable String text,
        @Nullable String purpose,
        String sort,
        @Nullable String after,
        int size) {

    /** What may be sorted by; the first is the default. */
    public static final List<String> SORTS = List.of("notAfter", "subject", "purpose", "id");

    private static final int MOST_KEY = 200;

    /** What a certificate is found and sorted by. */
    record Header(long id, String subject, Instant notAfter, String purpose) {}

    /** The place of a certificate in this order, as {@link #after} takes it. */
    public String keyOf(StoredCertificate certificate) {
        Long id = certificate.id();
        return keyOf(
                new Header(
                        id == null ? 0 : id,
                        certificate.subject(),
                        certificate.notAfter(),
                        certificate.purpose()));
    }

    String keyOf(Header header) {
        String value =
                switch (sort.replaceFirst("^-", "")) {
                    case "subject" -> shortened(header.subject().toLowerCase(Locale.ROOT));
                    case "purpose" -> header.purpose();
                    case "id" -> "";
                    default -> "%020d".formatted(header.notAfter().getEpochSecond());
                };
        return value + " " + "%020d".formatted(header.id());
    }

    Comparator<String> order() {
        return sort.startsWith("-") ? Comparator.reverseOrder() : Comparator.naturalOrder();
    }

    private static String shortened(String value) {
        return value.substring(0, Math.min(value.length(), MOST_KEY));
    }
}
