package org.sealpost.certificate;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** Trust anchors in memory; a change acts on the next look-up. */
public interface TrustedCertificates {

    /** The system's CA bundle (when {@code systemToo}) and every certificate of purpose trust. */
    Set<TrustAnchor> global(boolean systemToo);

    /**
     * The uploaded certificates of purpose anchor or trust under this id, for a {@code tafile};
     * empty when there is none.
     */
    List<X509Certificate> anchors(long certificateId);

    /** Called after every change of the stored certificates. */
    void onChange(Runnable listener);
}
