package org.sealpost.testing;

/** Where in a session a scripted server can behave in its own way. */
public enum PeerStep {
    CONNECT,
    EHLO,
    HELO,
    STARTTLS,
    /**
     * The TLS handshake; an answer here goes out in clear text in its place and ends the session.
     */
    HANDSHAKE,
    /** EHLO under TLS. */
    EHLO_AGAIN,
    AUTH,
    MAIL,
    RCPT,
    DATA,
    /** After the first line of the message; an answer here comes too early. */
    BODY,
    /** After the whole message. */
    FINAL,
    RSET,
    QUIT
}
