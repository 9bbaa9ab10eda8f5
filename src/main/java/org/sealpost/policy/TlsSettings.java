package org.sealpost.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.settings.SettingsSection;
import org.sealpost.settings.TimeSpan;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Protocols;
import org.sealpost.tls.TlsLevel;

/**
 * The defaults of outbound TLS, named after Postfix's {@code smtp_tls_*} parameters.
 *
 * @param level what holds where no rule matches
 * @param protocols at {@code may}; {@code mandatoryProtocols} above it
 * @param ciphers at {@code may}; {@code mandatoryCiphers} above it
 * @param excludeCiphers always; {@code mandatoryExcludeCiphers} in addition above {@code may}
 * @param fingerprintDigest the digest Postfix files are written with; a fingerprint without the
 *     name of its digest is taken by its length, whatever stands here
 * @param verifyMatch names that count at {@code verify}
 * @param secureMatch names that count at {@code secure}
 * @param servername the SNI name; null sends the MX host name
 * @param implicitTls whether every session begins with TLS (Postfix {@code smtp_tls_wrappermode})
 * @param useSystemTrust whether the machine's CA bundle counts
 * @param noteStarttlsOffer whether an offer a {@code none} rule left unused is logged
 * @param logLevel 0 logs no TLS sessions, 1 a line each, 2 to 4 also certificate and checks
 * @param sessionCacheSeconds how long a TLS session may be resumed; 0 never
 * @param clearTextFallback whether {@code may} may go out in clear text after a failed handshake
 */
public record TlsSettings(
        TlsLevel level,
        String protocols,
        String mandatoryProtocols,
        String ciphers,
        String mandatoryCiphers,
        String excludeCiphers,
        String mandatoryExcludeCiphers,
        String fingerprintDigest,
        List<String> verifyMatch,
        List<String> secureMatch,
        @Nullable String servername,
        boolean implicitTls,
        @Nullable Long clientCertificateId,
        boolean useSystemTrust,
        boolean noteStarttlsOffer,
        int logLevel,
        int sessionCacheSeconds,
        ClearTextFallback clearTextFallback) {

    public static final SettingsSection<TlsSettings> SECTION =
            new SettingsSection<>("tls", TlsSettings.class, TlsSettings::problems);

    /**
     * When {@code may} may fall back.
     *
     * @param mode {@code after-age} or {@code never}
     * @param after the age of the message
     */
    public record ClearTextFallback(String mode, Duration after) {}

    /** What a first start begins with. */
    static TlsSettings standard(TlsLevel level, Duration firstRetry) {
        return new TlsSettings(
                level,
                ">=TLSv1.2",
                ">=TLSv1.2",
                "medium",
                "medium",
                "",
                "",
                "sha256",
                List.of("hostname"),
                List.of("nexthop", "dot-nexthop"),
                null,
                false,
                null,
                true,
                false,
                1,
                3600,
                new ClearTextFallback("after-age", firstRetry));
    }

    /** The age at which {@code may} may fall back, or null when it never may. */
    @Nullable Duration fallbackAge() {
        return clearTextFallback.mode().equalsIgnoreCase("never")
                ? null
                : clearTextFallback.after();
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        if (level == TlsLevel.FINGERPRINT) {
            problems.add(
                    new Problem(
                            "level",
                            "The default level cannot be fingerprint, which needs pins.",
                            "Choose none, may, encrypt, verify or secure, and give the partners with"
                                    + " pins rules of their own."));
        }
        if (implicitTls && !level.requiresTls()) {
            problems.add(
                    new Problem(
                            "implicitTls",
                            "Beginning every session with TLS needs the level encrypt or above.",
                            "Raise the level, or use connect=implicit in the rules that need it."));
        }
        check(problems, () -> Protocols.parse("protocols", protocols));
        check(problems, () -> Protocols.parse("mandatoryProtocols", mandatoryProtocols));
        check(problems, () -> Ciphers.requireGrade("ciphers", ciphers));
        check(problems, () -> Ciphers.requireGrade("mandatoryCiphers", mandatoryCiphers));
        check(problems, () -> Ciphers.exclusions("excludeCiphers", excludeCiphers));
        check(
                problems,
                () -> Ciphers.exclusions("mandatoryExcludeCiphers", mandatoryExcludeCiphers));
        if (problems.isEmpty()) {
            usable(problems, "excludeCiphers", protocols, excludeCiphers);
            usable(
                    problems,
                    "mandatoryExcludeCiphers",
                    mandatoryProtocols,
                    excludeCiphers + " " + mandatoryExcludeCiphers);
        }
        if (Digest.parse(fingerprintDigest).isEmpty()) {
            problems.add(
                    new Problem(
                            "fingerprintDigest",
                            "“" + fingerprintDigest + "” is not a digest.",
                            "Choose md5, sha1, sha256, sha384 or sha512."));
        }
        checkNames(problems, "verifyMatch", verifyMatch);
        checkNames(problems, "secureMatch", secureMatch);
        checkServername(problems);
        range(problems, "logLevel", logLevel, 4);
        range(problems, "sessionCacheSeconds", sessionCacheSeconds, 8_640_000);
        checkFallback(problems);
        return problems;
    }

    private static void usable(
            List<Problem> problems, String field, String protocols, String excluded) {
        List<String> suites = Ciphers.of(field, "medium", Ciphers.exclusions(field, excluded));
        if (Ciphers.usable(Protocols.parse(field, protocols).versions(), suites).isEmpty()) {
            problems.add(
                    new Problem(
                            field,
                            "The exclusions leave no cipher suite for " + protocols + ".",
                            "Exclude less, or allow TLSv1.3, whose suites they do not touch."));
        }
    }

    private void checkServername(List<Problem> problems) {
        if (servername != null
                && !servername.isBlank()
                && !servername.equalsIgnoreCase("nexthop")
                && DomainName.parse(servername).isEmpty()) {
            problems.add(
                    new Problem(
                            "servername",
                            "“" + servername + "” is not a host name.",
                            "Write a host name, hostname or nexthop, or leave it empty."));
        }
    }

    private void checkFallback(List<Problem> problems) {
        if (!List.of("after-age", "never")
                .contains(clearTextFallback.mode().toLowerCase(Locale.ROOT))) {
            problems.add(
                    new Problem(
                            "clearTextFallback.mode",
                            "“" + clearTextFallback.mode() + "” is not a mode.",
                            "Choose after-age or never."));
        }
        if (clearTextFallback.after().isNegative() || clearTextFallback.after().isZero()) {
            problems.add(
                    new Problem(
                            "clearTextFallback.after",
                            "The age is not longer than zero.",
                            TimeSpan.FORMS));
        }
    }

    private static void range(List<Problem> problems, String field, int value, int most) {
        if (value < 0 || value > most) {
            problems.add(
                    new Problem(
                            field,
                            value + " is out of range.",
                            "Write a number from 0 to " + most + "."));
        }
    }

    private static void checkNames(List<Problem> problems, String field, List<String> names) {
        if (names.isEmpty() || names.stream().anyMatch(n -> NamePattern.parse(n).isEmpty())) {
            problems.add(
                    new Problem(
                            field,
                            "The list must hold at least one name, and only names.",
                            "Use hostname, nexthop, dot-nexthop, example.com or .example.com."));
        }
    }

    private static void check(List<Problem> problems, Runnable part) {
        try {
            part.run();
        } catch (InvalidInput invalid) {
            problems.addAll(invalid.problems());
        }
    }
}
