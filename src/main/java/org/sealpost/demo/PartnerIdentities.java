package org.sealpost.demo;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateMaker;
import org.sealpost.certificate.CertificateMaker.Issuer;
import org.sealpost.certificate.Purpose;
import org.sealpost.demo.Partner.Identity;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Makes what the partners' servers present. */
@Component
@Profile("demo")
class PartnerIdentities {

    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MONTH = Duration.ofDays(30);

    private final Clock clock;
    private final Issuer authority;

    PartnerIdentities(Clock clock) {
        this.clock = clock;
        KeyPair keys = keys();
        Instant now = clock.instant();
        this.authority =
                new Issuer(
                        CertificateMaker.authority("Demo authority", keys, now, now.plus(YEAR)),
                        keys.getPrivate());
    }

    /** A server's certificate with its key. */
    record ServerIdentity(List<X509Certificate> chain, KeyPair keys) {

        @Override
        public String toString() {
            return "ServerIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
        }
    }

    X509Certificate authority() {
        return authority.certificate();
    }

    /** A new identity; null when the partner's server has none. */
    @Nullable ServerIdentity of(Partner partner) {
        Instant now = clock.instant();
        String name = partner.mailServer();
        return switch (partner.identity()) {
            case Identity.TRUSTED -> make(name, authority, now, now.plus(YEAR));
            case Identity.SELF_SIGNED -> make(name, null, now, now.plus(YEAR));
            case Identity.WRONG_NAME ->
                    make("mail.provider.example", authority, now, now.plus(YEAR));
            case Identity.EXPIRED -> make(name, authority, now.minus(YEAR), now.minus(MONTH));
            case Identity.NONE -> null;
        };
    }

    private static ServerIdentity make(
            String name, @Nullable Issuer issuer, Instant from, Instant until) {
        KeyPair keys = keys();
        X509Certificate leaf =
                CertificateMaker.identity(Purpose.SERVER, List.of(name), keys, issuer, from, until);
        return new ServerIdentity(
                issuer == null ? List.of(leaf) : List.of(leaf, issuer.certificate()), keys);
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this runtime makes no EC keys", e);
        }
    }
}
