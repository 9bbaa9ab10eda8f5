package org.sealpost.policy.postfix;

import java.util.Locale;
import java.util.Optional;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;

/**
 * A fingerprint of {@code match=} as far as its form goes.
 *
 * @param text as written
 * @param bare whether it names no digest, the only form Postfix knows
 */
record PinText(String text, Fingerprint fingerprint, boolean bare) {

    static Optional<PinText> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int colon = lower.indexOf(':');
        String prefix = colon < 0 ? "" : lower.substring(0, colon);
        Optional<Digest> named =
                Digest.parse(prefix.startsWith("spki-") ? prefix.substring(5) : prefix);
        return named.isPresent()
                ? Fingerprint.parse(named.get(), lower.substring(colon + 1))
                        .map(print -> new PinText(text.strip(), print, false))
                : Digest.ofLength(lower.replace(":", "").length() / 2)
                        .flatMap(digest -> Fingerprint.parse(digest, lower))
                        .map(print -> new PinText(text.strip(), print, true));
    }

    /** What Postfix is told; it takes the digest for a certificate's as well as for a key's. */
    String bareText() {
        return bare ? text : fingerprint.colonText();
    }
}
