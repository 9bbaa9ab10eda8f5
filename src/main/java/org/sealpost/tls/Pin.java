package org.sealpost.tls;

import java.security.cert.X509Certificate;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;

/**
 * A certificate or public key that counts at level {@code fingerprint}.
 *
 * @param kind which of the two the digest is over; {@link Kind#EITHER} as Postfix takes a bare one
 * @param fingerprint its digest
 */
public record Pin(Kind kind, Fingerprint fingerprint) {

    /** What the digest is over. */
    public enum Kind {
        CERTIFICATE,
        PUBLIC_KEY,
        EITHER
    }

    /** Whether the server's leaf certificate is the pinned one or holds the pinned key. */
    public boolean matches(X509Certificate leaf) {
        Digest digest = fingerprint.digest();
        return switch (kind) {
            case CERTIFICATE -> fingerprint.equals(Fingerprint.ofCertificate(leaf, digest));
            case PUBLIC_KEY -> fingerprint.equals(Fingerprint.ofPublicKey(leaf, digest));
            case EITHER ->
                    fingerprint.equals(Fingerprint.ofCertificate(leaf, digest))
                            || fingerprint.equals(Fingerprint.ofPublicKey(leaf, digest));
        };
    }

    /**
     * The pin as {@code match=} writes it: {@code sha256:AA:BB..} or {@code spki-sha256:AA:BB..}.
     */
    public String text() {
        String prefix =
                switch (kind) {
                    case CERTIFICATE -> fingerprint.digest().word() + ":";
                    case PUBLIC_KEY -> "spki-" + fingerprint.digest().word() + ":";
                    case EITHER -> "";
                };
        return prefix + fingerprint.colonText();
    }
}
