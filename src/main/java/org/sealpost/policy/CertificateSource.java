package org.sealpost.policy;

import java.security.cert.TrustAnchor;
import java.util.List;
import java.util.Set;
import org.sealpost.certificate.KeyIdentity;

/** Where trust anchors and client certificates come from when a rule is compiled. */
interface CertificateSource {

    /** The set that rules without {@code tafile} use. */
    Set<TrustAnchor> global(boolean systemToo);

    /**
     * What a {@code tafile} names, and nothing else.
     *
     * @throws org.sealpost.mail.InvalidInput when an entry is no certificate of ours and no
     *     readable PEM file below {@code sealpost.home/trust}
     */
    Set<TrustAnchor> named(List<String> entries);

    /**
     * The identity to present to a partner that asks for one.
     *
     * @throws org.sealpost.mail.InvalidInput when there is none of purpose client with a readable
     *     key; connecting without it would show another face than the rule wants
     */
    KeyIdentity client(long id);
}
