package org.sealpost.certificate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a stored certificate is for. */
public enum Purpose {
    /** An identity that listeners present. */
    SERVER,
    /** An identity presented to a partner that asks for one. */
    CLIENT,
    /** An authority every verify and secure rule without a tafile trusts. */
    TRUST,
    /** An authority only the rules whose tafile names it trust. */
    ANCHOR,
    /** A partner's certificate. */
    PEER;

    static Optional<Purpose> parse(String word) {
        return Arrays.stream(values()).filter(purpose -> purpose.word().equals(word)).findAny();
    }

    /** Whether it is one of ours and so comes with its private key. */
    boolean isIdentity() {
        return this == SERVER || this == CLIENT;
    }

    /** Whether it vouches for others. */
    boolean isAuthority() {
        return this == TRUST || this == ANCHOR;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
