package org.sealpost.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.policy.TlsSettings;
import org.sealpost.policy.TlsSettings.ClearTextFallback;
import org.sealpost.tls.TlsLevel;
import org.springframework.boot.convert.DurationStyle;

/**
 * The TLS defaults as the form edits them; lists have one entry per line.
 *
 * @param fallbackAfter such as {@code 5m}
 * @param version what the change is based on
 */
public record TlsDefaultsForm(
        @Nullable String level,
        @Nullable String protocols,
        @Nullable String mandatoryProtocols,
        @Nullable String ciphers,
        @Nullable String mandatoryCiphers,
        @Nullable String excludeCiphers,
        @Nullable String mandatoryExcludeCiphers,
        @Nullable String fingerprintDigest,
        @Nullable String verifyMatch,
        @Nullable String secureMatch,
        @Nullable String servername,
        @Nullable Boolean implicitTls,
        @Nullable Long clientCertificateId,
        @Nullable Boolean useSystemTrust,
        @Nullable Boolean noteStarttlsOffer,
        @Nullable String logLevel,
        @Nullable String sessionCacheSeconds,
        @Nullable String fallbackMode,
        @Nullable String fallbackAfter,
        @Nullable Long version) {

    static TlsDefaultsForm of(TlsSettings now, long version) {
        return new TlsDefaultsForm(
                now.level().word(),
                now.protocols(),
                now.mandatoryProtocols(),
                now.ciphers(),
                now.mandatoryCiphers(),
                now.excludeCiphers(),
                now.mandatoryExcludeCiphers(),
                now.fingerprintDigest(),
                String.join("\n", now.verifyMatch()),
                String.join("\n", now.secureMatch()),
                now.servername(),
                now.implicitTls(),
                now.clientCertificateId(),
                now.useSystemTrust(),
                now.noteStarttlsOffer(),
                String.valueOf(now.logLevel()),
                String.valueOf(now.sessionCacheSeconds()),
                now.clearTextFallback().mode(),
                text(now.clearTextFallback().after()),
                version);
    }

    /**
     * What the form asks for.
     *
     * @throws InvalidInput with everything that cannot be read
     */
    TlsSettings toSettings() {
        var problems = new ArrayList<Problem>();
        TlsLevel known = TlsLevel.parse(text(level)).orElse(null);
        if (known == null) {
            problems.add(
                    new Problem(
                            "level",
                            "“" + text(level) + "” is not a TLS level.",
                            "Choose none, may, encrypt, verify or secure."));
        }
        int log = number("logLevel", logLevel, problems);
        int cache = number("sessionCacheSeconds", sessionCacheSeconds, problems);
        Duration after = duration(problems);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return new TlsSettings(
                Objects.requireNonNull(known),
                text(protocols),
                text(mandatoryProtocols),
                text(ciphers),
                text(mandatoryCiphers),
                text(excludeCiphers),
                text(mandatoryExcludeCiphers),
                text(fingerprintDigest),
                lines(verifyMatch),
                lines(secureMatch),
                text(servername).isEmpty() ? null : text(servername),
                Boolean.TRUE.equals(implicitTls),
                clientCertificateId,
                Boolean.TRUE.equals(useSystemTrust),
                Boolean.TRUE.equals(noteStarttlsOffer),
                log,
                cache,
                new ClearTextFallback(text(fallbackMode), after));
    }

    /** What was sent, by name, to be sent again. */
    Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("level", text(level));
        fields.put("protocols", text(protocols));
        fields.put("mandatoryProtocols", text(mandatoryProtocols));
        fields.put("ciphers", text(ciphers));
        fields.put("mandatoryCiphers", text(mandatoryCiphers));
        fields.put("excludeCiphers", text(excludeCiphers));
        fields.put("mandatoryExcludeCiphers", text(mandatoryExcludeCiphers));
        fields.put("fingerprintDigest", text(fingerprintDigest));
        fields.put("verifyMatch", text(verifyMatch));
        fields.put("secureMatch", text(secureMatch));
        fields.put("servername", text(servername));
        fields.put("implicitTls", String.valueOf(Boolean.TRUE.equals(implicitTls)));
        fields.put("clientCertificateId", text(clientCertificateId));
        fields.put("useSystemTrust", String.valueOf(Boolean.TRUE.equals(useSystemTrust)));
        fields.put("noteStarttlsOffer", String.valueOf(Boolean.TRUE.equals(noteStarttlsOffer)));
        fields.put("logLevel", text(logLevel));
        fields.put("sessionCacheSeconds", text(sessionCacheSeconds));
        fields.put("fallbackMode", text(fallbackMode));
        fields.put("fallbackAfter", text(fallbackAfter));
        fields.put("version", text(version));
        return fields;
    }

    private static int number(String field, @Nullable String written, List<Problem> problems) {
        String text = text(written);
        if (text.matches("\\d{1,9}")) {
            return Integer.parseInt(text);
        }
        problems.add(new Problem(field, "“" + text + "” is not a number.", "Write digits only."));
        return 0;
    }

    private Duration duration(List<Problem> problems) {
        try {
            return DurationStyle.detectAndParse(text(fallbackAfter));
        } catch (IllegalArgumentException unreadable) {
            problems.add(
                    new Problem(
                            "fallbackAfter",
                            "“" + text(fallbackAfter) + "” is not a duration.",
                            "Write 5m, 30s or 1h."));
            return Duration.ZERO;
        }
    }

    private static List<String> lines(@Nullable String written) {
        return text(written).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString().strip();
    }

    private static String text(Duration age) {
        return age.toSeconds() % 60 == 0 ? age.toMinutes() + "m" : age.toSeconds() + "s";
    }
}
