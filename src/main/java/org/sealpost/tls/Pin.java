package org.sealpost.tls;

import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
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

    /**
     * Reads a pin as {@link #text} writes it; bare hex is either kind and of the digest that has
     * its length. Empty when it is none.
     */
    public static Optional<Pin> parse(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean ofKey = word.startsWith("spki-");
        Optional<Digest> named = Digest.parse(ofKey ? word.substring(5) : word);
        if (named.isPresent()) {
            Kind kind = ofKey ? Kind.PUBLIC_KEY : Kind.CERTIFICATE;
            return Fingerprint.parse(named.get(), text.substring(colon + 1))
                    .map(print -> new Pin(kind, print));
        }
        return Digest.ofLength(text.replace(":", "").length() / 2)
                .flatMap(digest -> Fingerprint.parse(digest, text))
                .map(print -> new Pin(Kind.EITHER, print));
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
