package org.sealpost.certificate;

/** The identities that listeners present; a change acts on the next handshake. */
public interface ServerIdentities {

    /** The identity a listener presents when nothing else was chosen; made on the first start. */
    KeyIdentity standard();

    /** Grows with every change, so that a TLS context built from an older one is replaced. */
    long version();
}
