package org.sealpost.certificate;

import java.time.Instant;
import java.util.List;

/** When the stored certificates end, from memory. Those a successor replaced are left out. */
public interface CertificateExpiries {

    /** All of them, the first to end in front. */
    List<Expiry> all();

    /** Called when what {@link #all} answers may have changed. */
    void onChange(Runnable listener);

    /**
     * The end of one certificate.
     *
     * @param notAfter of a bundle, that of its first certificate to end
     */
    record Expiry(long certificateId, String purpose, String subject, Instant notAfter) {

        /** Whole days left, rounded down; below zero when it is over. */
        public long daysLeft(Instant now) {
            return Math.floorDiv(notAfter.getEpochSecond() - now.getEpochSecond(), 86_400);
        }
    }
}
