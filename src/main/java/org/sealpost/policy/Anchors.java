package org.sealpost.policy;

import java.security.cert.TrustAnchor;
import java.util.List;
import java.util.Set;

/** Where trust anchors come from when a rule is compiled. */
interface Anchors {

    /** The set that rules without {@code tafile} use. */
    Set<TrustAnchor> global(boolean systemToo);

    /**
     * What a {@code tafile} names, and nothing else.
     *
     * @throws org.sealpost.mail.InvalidInput when an entry is no certificate of ours and no
     *     readable PEM file below {@code sealpost.home/trust}
     */
    Set<TrustAnchor> named(List<String> entries);
}
