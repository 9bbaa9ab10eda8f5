package org.sealpost.certificate;

import java.util.List;

/** Implemented by whoever refers to stored certificates, so that one in use is not removed. */
@FunctionalInterface
public interface CertificateUse {

    /** Who uses the certificate, in words, e.g. {@code policy example.com}; empty when nobody. */
    List<String> of(long certificateId);
}
