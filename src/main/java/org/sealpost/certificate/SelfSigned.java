package org.sealpost.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the certificate a relay starts with: P-256, valid for ten years, vouching for itself. */
final class SelfSigned {

    private static final Duration LIFETIME = Duration.ofDays(3650);

    record KeyAndCertificate(KeyPair keys, X509Certificate certificate) {}

    private SelfSigned() {}

    static KeyAndCertificate create(String hostname, Instant now) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            var name = new X500NameBuilder().addRDN(BCStyle.CN, hostname).build();
            var info = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
            var builder =
                    new X509v3CertificateBuilder(
                            name,
                            new BigInteger(120, new SecureRandom()),
                            time(now.minus(Duration.ofHours(1))),
                            time(now.plus(LIFETIME)),
                            name,
                            info);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, hostname)));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return new KeyAndCertificate(
                    keys, new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("the first certificate could not be made", e);
        }
    }

    private static Time time(Instant instant) {
        return new Time(
                new ASN1GeneralizedTime(
                        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT)
                                .withZone(ZoneOffset.UTC)
                                .format(instant)));
    }
}
