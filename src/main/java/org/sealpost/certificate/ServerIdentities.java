package org.sealpost.certificate;

import java.util.Optional;

/** The identities that listeners present; a change acts on the next handshake. */
public interface ServerIdentities {

    /** The identity a listener presents when nothing else was chosen; made on the first start. */
    KeyIdentity standard();

    /**
     * The identity of purpose server under this id, from memory; where a successor took its place,
     * the successor. Empty when there is none or its key cannot be read.
     */
    Optional<KeyIdentity> server(long id);

    /** Grows with every change, so that a TLS context built from an older one is replaced. */
    long version();

    /** Called after every change of the stored identities. */
    void onChange(Runnable listener);
}
