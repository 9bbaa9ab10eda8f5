package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;

/** Whether a stored chain leads to an authority. */
enum ChainStatus {
    /** The certificate vouches for itself. */
    SELF_SIGNED,
    /** It ends at a root, or at one signed by an authority known here. */
    COMPLETE,
    /** Who receives it cannot go on from its end. */
    INCOMPLETE;

    static ChainStatus of(List<X509Certificate> chain, Surroundings surroundings) {
        X509Certificate leaf = chain.getFirst();
        if (ChainOrder.isSelfSigned(leaf)) {
            return SELF_SIGNED;
        }
        X509Certificate last = ChainOrder.of(leaf, chain).chain().getLast();
        return ChainOrder.isSelfSigned(last) || surroundings.knowsIssuerOf(last)
                ? COMPLETE
                : INCOMPLETE;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
