package org.sealpost.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import org.sealpost.mail.SmtpReply;

/** What a session showed of TLS, before anybody judged it. */
public sealed interface TlsObservation {

    /** STARTTLS was not sent because the level is none. */
    record Unused(boolean offered) implements TlsObservation {}

    /** The server's EHLO reply has no STARTTLS. */
    record NotOffered() implements TlsObservation {}

    /** The server offered STARTTLS and answered it with 4xx or 5xx. */
    record Refused(SmtpReply reply) implements TlsObservation {}

    /** The handshake failed or the line broke in it. */
    record HandshakeFailed(String reason) implements TlsObservation {}

    /** This end could not even begin a handshake. */
    record EngineUnavailable(String reason) implements TlsObservation {}

    /**
     * The handshake succeeded, or an earlier session was resumed.
     *
     * @param protocol the JSSE name, e.g. {@code TLSv1.3}
     * @param cipherSuite the JSSE name
     * @param chain what the server presented, leaf first; of a resumed session what it presented
     *     when the session began; empty when it is anonymous
     * @param implicit whether TLS began with the first byte
     * @param resumed whether the server skipped the full handshake
     */
    record Established(
            String protocol,
            String cipherSuite,
            List<X509Certificate> chain,
            boolean implicit,
            boolean resumed)
            implements TlsObservation {

        public Established {
            chain = List.copyOf(chain);
        }
    }
}
