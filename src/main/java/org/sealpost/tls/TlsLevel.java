package org.sealpost.tls;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What TLS has to prove before mail is sent, weakest first (Postfix {@code
 * smtp_tls_security_level}). The order of the constants is the order of strength.
 */
public enum TlsLevel {
    /** Clear text; STARTTLS is never sent. */
    NONE,
    /** TLS when the server offers it. */
    MAY,
    /** TLS always; whose server it is, is not checked. */
    ENCRYPT,
    /** TLS to a server that shows a pinned certificate or key. */
    FINGERPRINT,
    /** TLS to a server with a trusted certificate for a matching name, by default its MX name. */
    VERIFY,
    /** As verify, but only names that DNS cannot forge match. */
    SECURE;

    /** Reads {@code secure}, in any case; empty for a word that is no level. */
    public static Optional<TlsLevel> parse(String word) {
        return Arrays.stream(values())
                .filter(level -> level.word().equalsIgnoreCase(word))
                .findAny();
    }

    @JsonCreator
    static TlsLevel ofJson(String word) {
        return parse(word)
                .orElseThrow(() -> new IllegalArgumentException("no such TLS level: " + word));
    }

    /** The level as configuration, API and log write it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether mail waits rather than goes out in clear text. */
    public boolean requiresTls() {
        return compareTo(ENCRYPT) >= 0;
    }

    /** Whether the server has to prove who it is. */
    public boolean authenticates() {
        return compareTo(FINGERPRINT) >= 0;
    }

    /** Whether a certificate chain to a trust anchor and a matching name are needed. */
    public boolean needsTrustedChain() {
        return compareTo(VERIFY) >= 0;
    }
}
