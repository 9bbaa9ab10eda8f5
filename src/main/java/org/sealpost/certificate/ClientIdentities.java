package org.sealpost.certificate;

import java.util.Optional;

/** The identities presented to partners that ask for one; a change acts on the next handshake. */
public interface ClientIdentities {

    /**
     * The identity of purpose client under this id, from memory. Where a successor took its place,
     * the successor. Empty when there is none or its key cannot be read: the caller defers then, it
     * never connects without the certificate.
     */
    Optional<KeyIdentity> client(long id);

    /** Grows with every change, so that a TLS context built from an older one is replaced. */
    long version();

    /** Called after every change of the stored identities. */
    void onChange(Runnable listener);
}
