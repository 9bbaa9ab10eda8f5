package org.sealpost.delivery;

/** A part of opening a session, in the order of one with STARTTLS. */
public enum Stage {
    CONNECT,
    BANNER,
    EHLO,
    STARTTLS,
    HANDSHAKE,
    /** EHLO under TLS, which a session with implicit TLS has no second one of. */
    EHLO_AGAIN
}
