package org.sealpost.certificate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;

/**
 * Renewal with overlap: the next certificate is stored beside the one in use, so that its
 * fingerprint can be published, and takes its place later. Whatever names the old one then uses the
 * new one from its next connection on. All calls need {@code certificates:write}.
 */
public interface Renewals {

    /**
     * Stages a successor, or changes the plan.
     *
     * @param switchAt from when it is used; null to decide later
     * @throws org.sealpost.mail.InvalidInput when it cannot take the place
     */
    StoredCertificate stage(long id, long successorId, @Nullable Instant switchAt);

    /** Puts the staged successor in place. */
    StoredCertificate switchNow(long id);

    /** Forgets a staged successor; after the switch it goes back to the old certificate. */
    StoredCertificate cancel(long id);
}
