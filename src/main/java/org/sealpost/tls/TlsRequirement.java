package org.sealpost.tls;

import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.mail.NextHop;

/**
 * What a session to one next hop has to prove, resolved from a policy rule and the defaults. It
 * holds everything the judge needs, so that the verdict depends on nothing else but the handshake
 * and the clock.
 *
 * @param nextHop the destination as routed; its host is what the pattern "next hop" matches
 * @param level how much TLS has to prove
 * @param connect how the TLS session begins
 * @param protocols the versions that may be offered, e.g. {@code TLSv1.3}; never empty
 * @param cipherSuites the JSSE names of the suites that may be offered, in order; never empty
 * @param match names that count at verify and secure
 * @param pins fingerprints that count at fingerprint
 * @param anchors the trust anchors that count at verify and secure: those of the rule's {@code
 *     tafile} and no others, else the global set
 * @param servername the name sent as SNI; null sends the MX host name
 * @param client the identity to present when the server asks, or null
 * @param outsideFailure why an outside policy forbids every server (Postfix {@code
 *     policy_failure}), or null
 * @param clearTextFallbackAfter the age of a message at which {@code may} may go out in clear text
 *     after a failed handshake; null never
 * @param sessionSeconds how long a TLS session may be resumed; 0 never
 * @param matchedKey the key of the policy table that matched; null for the default
 * @param policyId the rule behind it; null for the default
 */
public record TlsRequirement(
        NextHop nextHop,
        TlsLevel level,
        Connect connect,
        List<String> protocols,
        List<String> cipherSuites,
        List<NamePattern> match,
        List<Pin> pins,
        Set<TrustAnchor> anchors,
        @Nullable String servername,
        @Nullable KeyIdentity client,
        @Nullable String outsideFailure,
        @Nullable Duration clearTextFallbackAfter,
        int sessionSeconds,
        @Nullable String matchedKey,
        @Nullable Long policyId) {

    public TlsRequirement {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        match = List.copyOf(match);
        pins = List.copyOf(pins);
        anchors = Set.copyOf(anchors);
    }

    /** How a TLS session begins. */
    public enum Connect {
        /** Implicit TLS on port 465, STARTTLS elsewhere. */
        AUTO,
        STARTTLS,
        IMPLICIT
    }

    /** Whether the first byte on the wire is TLS already (RFC 8314 §3). */
    public boolean isImplicit(int port) {
        return level != TlsLevel.NONE
                && (connect == Connect.IMPLICIT || (connect == Connect.AUTO && port == 465));
    }

    /**
     * The same with another time for which a session may be resumed.
     *
     * @param seconds 0 proves it anew in each session: a resumed one shows an old chain
     */
    public TlsRequirement resumableFor(int seconds) {
        return with(connect, seconds);
    }

    /** The same with another way to begin TLS. */
    public TlsRequirement connecting(Connect how) {
        return with(how, sessionSeconds);
    }

    /** The same with other versions of TLS. */
    public TlsRequirement speaking(List<String> versions) {
        return with(connect, sessionSeconds, versions);
    }

    private TlsRequirement with(Connect how, int seconds) {
        return with(how, seconds, protocols);
    }

    private TlsRequirement with(Connect how, int seconds, List<String> versions) {
        return new TlsRequirement(
                nextHop,
                level,
                how,
                versions,
                cipherSuites,
                match,
                pins,
                anchors,
                servername,
                client,
                outsideFailure,
                clearTextFallbackAfter,
                seconds,
                matchedKey,
                policyId);
    }
}
