package org.sealpost.certificate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A message digest for fingerprints. */
public enum Digest {
    MD5("MD5", 16),
    SHA1("SHA-1", 20),
    SHA256("SHA-256", 32),
    SHA384("SHA-384", 48),
    SHA512("SHA-512", 64);

    private final String algorithm;
    private final int octets;

    Digest(String algorithm, int octets) {
        this.algorithm = algorithm;
        this.octets = octets;
    }

    /** Reads {@code sha256}; empty for any other word. */
    public static Optional<Digest> parse(String word) {
        return Arrays.stream(values())
                .filter(digest -> digest.word().equalsIgnoreCase(word))
                .findAny();
    }

    /** The digest whose value has this length; empty when there is none. */
    public static Optional<Digest> ofLength(int octets) {
        return Arrays.stream(values()).filter(digest -> digest.octets == octets).findAny();
    }

    /** The JCA name. */
    String algorithm() {
        return algorithm;
    }

    public int octets() {
        return octets;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a second certificate with the same digest can be made (RFC 6151, RFC 6194). */
    public boolean isWeak() {
        return this == MD5 || this == SHA1;
    }
}
