package org.sealpost.testing;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority that makes certificates on the spot, so that no test file expires.
 *
 * <p>Use: {@code TestCa.create().leaf("mx.example").issue()}.
 */
public final class TestCa {

    /** A key with its chain, leaf first. */
    public record Identity(PrivateKey key, List<X509Certificate> chain) {

        public X509Certificate leaf() {
            return chain.getFirst();
        }

        /** A server context that presents this identity. */
        public SSLContext serverContext() {
            try {
                var store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("k", key, new char[0], chain.toArray(X509Certificate[]::new));
                var keys = KeyManagerFactory.getInstance("PKIX");
                keys.init(store, new char[0]);
                var context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), null, null);
                return context;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        /** Key and chain as PEM, key first. */
        public String pem() {
            return Pem.of(key) + chainPem();
        }

        public String keyPem() {
            return Pem.of(key);
        }

        public String chainPem() {
            var text = new StringBuilder();
            chain.forEach(certificate -> text.append(Pem.of(certificate)));
            return text.toString();
        }
    }

    private final X509Certificate certificate;
    private final KeyPair keys;
    private final Clock clock;

    private TestCa(String name, Clock clock) {
        this.clock = clock;
        keys = newKeys();
        var subject = new X500Name("CN=" + name);
        certificate =
                new LeafBuilder(subject, keys, clock.instant()).authority().signedBy(subject, keys);
    }

    public static TestCa create() {
        return new TestCa("Test CA", Clock.systemUTC());
    }

    public static TestCa create(String name) {
        return new TestCa(name, Clock.systemUTC());
    }

    public static TestCa create(String name, Clock clock) {
        return new TestCa(name, clock);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String pem() {
        return Pem.of(certificate);
    }

    /** Begins a server certificate for these DNS names. */
    public LeafBuilder leaf(String... dnsNames) {
        var builder =
                new LeafBuilder(new X500Name("CN=" + dnsNames[0]), newKeys(), clock.instant());
        builder.issuer = this;
        return builder.dnsNames(dnsNames);
    }

    /** A certificate that vouches for itself. */
    public static Identity selfSigned(String... dnsNames) {
        var subject = new X500Name("CN=" + dnsNames[0]);
        var keys = newKeys();
        var leaf = new LeafBuilder(subject, keys, Instant.now()).dnsNames(dnsNames);
        return new Identity(keys.getPrivate(), List.of(leaf.signedBy(subject, keys)));
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a certificate shall say; valid for a year and boring unless told otherwise. */
    public static final class LeafBuilder {
        private X500Name subject;
        private final KeyPair keys;
        private String[] names = {};
        private Instant notBefore;
        private Instant notAfter;
        private boolean isAuthority;
        private KeyPurposeId usage = KeyPurposeId.id_kp_serverAuth;
        private @Nullable TestCa issuer;

        private LeafBuilder(X500Name subject, KeyPair keys, Instant now) {
            this.subject = subject;
            this.keys = keys;
            this.notBefore = now.minus(Duration.ofDays(1));
            this.notAfter = now.plus(Duration.ofDays(365));
        }

        public LeafBuilder dnsNames(String... dnsNames) {
            names = dnsNames.clone();
            return this;
        }

        /** Leaves out the subject alternative names: only the CN tells the name. */
        public LeafBuilder withoutAlternativeNames() {
            names = new String[0];
            return this;
        }

        public LeafBuilder subject(String distinguishedName) {
            subject = new X500Name(distinguishedName);
            return this;
        }

        public LeafBuilder expired() {
            notAfter = notBefore.plus(Duration.ofHours(1));
            return this;
        }

        public LeafBuilder notYetValid() {
            notBefore = notBefore.plus(Duration.ofDays(30));
            return this;
        }

        public LeafBuilder forClients() {
            usage = KeyPurposeId.id_kp_clientAuth;
            return this;
        }

        private LeafBuilder authority() {
            isAuthority = true;
            return this;
        }

        public Identity issue() {
            var ca = Objects.requireNonNull(issuer);
            var leaf =
                    signedBy(
                            new X500Name(ca.certificate.getSubjectX500Principal().getName()),
                            ca.keys);
            return new Identity(keys.getPrivate(), List.of(leaf, ca.certificate));
        }

        private X509Certificate signedBy(X500Name issuerName, KeyPair issuerKeys) {
            try {
                var builder =
                        new JcaX509v3CertificateBuilder(
                                issuerName,
                                new BigInteger(100, new SecureRandom()),
                                Date.from(notBefore),
                                Date.from(notAfter),
                                subject,
                                keys.getPublic());
                builder.addExtension(
                        Extension.basicConstraints, true, new BasicConstraints(isAuthority));
                builder.addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(
                                isAuthority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
                if (!isAuthority) {
                    builder.addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
                }
                if (names.length > 0) {
                    var general = new GeneralName[names.length];
                    for (int i = 0; i < names.length; i++) {
                        general[i] = new GeneralName(GeneralName.dNSName, names[i]);
                    }
                    builder.addExtension(
                            Extension.subjectAlternativeName, false, new GeneralNames(general));
                }
                var signer =
                        new JcaContentSignerBuilder("SHA256withECDSA")
                                .build(issuerKeys.getPrivate());
                return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
