package org.sealpost.policy;

import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.TlsRequirement.Connect;

/**
 * A level with its attributes and defaults worked out, for any next hop.
 *
 * @param ownAnchors whether a {@code tafile} replaced the global trust
 * @param servername the SNI name, {@code nexthop}, or null for the MX name
 * @param origins for each setting whether {@code rule} or {@code default} decided it
 * @param warnings what an administrator should know about it, a sentence each
 */
record CompiledPolicy(
        TlsLevel level,
        Connect connect,
        List<String> protocols,
        List<String> cipherSuites,
        List<NamePattern> match,
        List<Pin> pins,
        Set<TrustAnchor> anchors,
        boolean ownAnchors,
        @Nullable String servername,
        @Nullable KeyIdentity client,
        @Nullable String outsideFailure,
        @Nullable Duration fallbackAge,
        int sessionSeconds,
        Map<String, String> origins,
        List<String> warnings) {

    /**
     * Works out a rule; what it does not say comes from the defaults.
     *
     * @throws InvalidInput when an attribute cannot be honoured; the mail then has to wait
     */
    static CompiledPolicy of(
            TlsLevel level,
            PolicyAttributes attributes,
            @Nullable Long clientCertificateId,
            TlsSettings defaults,
            CertificateSource certificates) {
        return new PolicyCompiler(level, attributes, clientCertificateId, defaults, certificates)
                .compile();
    }

    /** What the defaults say where no rule does. */
    static CompiledPolicy ofDefault(TlsSettings defaults, CertificateSource certificates) {
        return of(defaults.level(), PolicyAttributes.NONE, null, defaults, certificates);
    }

    TlsRequirement requirement(NextHop nextHop, @Nullable String matchedKey, @Nullable Long id) {
        return new TlsRequirement(
                nextHop,
                level,
                connect,
                protocols,
                cipherSuites,
                match,
                pins,
                anchors,
                "nexthop".equals(servername) ? nextHop.host() : servername,
                client,
                outsideFailure,
                fallbackAge,
                sessionSeconds,
                matchedKey,
                id);
    }
}
