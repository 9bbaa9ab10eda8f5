package org.sealpost.certificate;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;

/** Trust anchors in memory; a change acts on the next look-up. */
public interface TrustedCertificates {

    /** The system's CA bundle (when {@code systemToo}) and every certificate of purpose trust. */
    Set<TrustAnchor> global(boolean systemToo);

    /** The uploaded certificate of purpose anchor or trust with this id, for a {@code tafile}. */
    Optional<X509Certificate> anchor(long certificateId);
}
