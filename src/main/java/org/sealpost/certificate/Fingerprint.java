package org.sealpost.certificate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A digest of a certificate or of its public key.
 *
 * @param digest the algorithm
 * @param hex lower-case hex without separators
 */
public record Fingerprint(Digest digest, String hex) {

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

    public Fingerprint {
        if (hex.length() != 2 * digest.octets() || !hex.matches("[0-9a-f]*")) {
            throw new IllegalArgumentException("not a " + digest.word() + " digest: " + hex);
        }
    }

    /** The digest over the DER form of the whole certificate. */
    public static Fingerprint ofCertificate(X509Certificate certificate, Digest digest) {
        try {
            return of(certificate.getEncoded(), digest);
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate without encoding", e);
        }
    }

    /** The digest over the DER form of the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
    public static Fingerprint ofPublicKey(X509Certificate certificate, Digest digest) {
        return ofKey(certificate.getPublicKey(), digest);
    }

    static Fingerprint ofKey(PublicKey key, Digest digest) {
        return of(key.getEncoded(), digest);
    }

    /**
     * Reads hex with or without colons, in either case; empty when the length is not this digest's.
     */
    public static Optional<Fingerprint> parse(Digest digest, String text) {
        boolean wellFormed =
                text.matches("(?i)[0-9a-f]{2}(:[0-9a-f]{2})*")
                        || text.matches("(?i)([0-9a-f]{2})+");
        String hex = text.replace(":", "").toLowerCase(Locale.ROOT);
        return wellFormed && hex.length() == 2 * digest.octets()
                ? Optional.of(new Fingerprint(digest, hex))
                : Optional.empty();
    }

    /** Upper-case hex pairs with colons, as {@code openssl} and Postfix write it. */
    public String colonText() {
        return COLONS.formatHex(HexFormat.of().parseHex(hex));
    }

    static Fingerprint ofBytes(String text, Digest digest) {
        return of(text.getBytes(StandardCharsets.UTF_8), digest);
    }

    private static Fingerprint of(byte[] der, Digest digest) {
        try {
            byte[] value = MessageDigest.getInstance(digest.algorithm()).digest(der);
            return new Fingerprint(digest, HexFormat.of().formatHex(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + digest.algorithm(), e);
        }
    }

    @Override
    public String toString() {
        return digest.word() + ":" + colonText();
    }
}
