package org.sealpost.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sealpost.certificate.Certificates.StoredCertificate;

/**
 * A stored certificate in a list.
 *
 * @param name what people call it: its first name, else the common name
 * @param otherNames how many more names it has
 * @param daysLeft below zero when it is over
 * @param tone {@code good}, {@code warn} (30 days) or {@code bad} (7 days)
 * @param shortPrint the beginning of the SHA-256 fingerprint
 * @param ours whether a private key is stored with it
 */
public record CertificateRow(
        long id,
        String purpose,
        String name,
        int otherNames,
        String subject,
        String issuer,
        String key,
        When ends,
        long daysLeft,
        String tone,
        List<String> usedBy,
        String chainStatus,
        int warnings,
        String shortPrint,
        boolean ours) {

    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=((?:\\\\.|[^,\\\\])+)");
    private static final int SHORT = 23;

    static CertificateRow of(StoredCertificate certificate, Instant now) {
        long days = Duration.between(now, certificate.notAfter()).toDays();
        boolean over = certificate.notAfter().isBefore(now);
        List<String> names = certificate.subjectAlternativeNames();
        String print = certificate.fingerprints().postfixMatch();
        return new CertificateRow(
                Objects.requireNonNullElse(certificate.id(), 0L),
                certificate.purpose(),
                name(certificate),
                Math.max(0, names.size() - 1),
                certificate.subject(),
                commonName(certificate.issuer()),
                certificate.key(),
                When.of(certificate.notAfter(), now),
                over ? -1 : days,
                over || days < 7 ? "bad" : days < 30 ? "warn" : "good",
                certificate.usedBy(),
                certificate.chainStatus(),
                certificate.warnings().size(),
                print.substring(0, Math.min(SHORT, print.length())) + "…",
                certificate.hasPrivateKey());
    }

    static String name(StoredCertificate certificate) {
        List<String> names = certificate.subjectAlternativeNames();
        return names.isEmpty() ? commonName(certificate.subject()) : names.getFirst();
    }

    /** The CN of a distinguished name, or all of it when it has none. */
    static String commonName(String distinguishedName) {
        Matcher matcher = COMMON_NAME.matcher(distinguishedName);
        return matcher.find() ? matcher.group(1).replaceAll("\\\\(.)", "$1") : distinguishedName;
    }
}
