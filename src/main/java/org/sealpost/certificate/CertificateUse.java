package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Implemented, as a component, by every module that refers to stored certificates: one in use is
 * not removed, and its page says who uses it.
 */
@FunctionalInterface
public interface CertificateUse {

    /**
     * Who uses the certificate, in words, e.g. {@code the policy example.com}; empty when nobody.
     */
    List<String> of(long certificateId);

    /**
     * Why who uses the certificate could not use another one in its place, a sentence each; empty
     * when it could.
     */
    default List<String> unfit(long certificateId, X509Certificate successor) {
        return List.of();
    }

    /**
     * Who pins this certificate or its key, in words. A pin stands on its own, so it is shown but
     * keeps nothing from being removed.
     */
    default List<String> pinning(X509Certificate certificate) {
        return List.of();
    }
}
