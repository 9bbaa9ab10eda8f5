package org.sealpost.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.AddressLiteral;

/** Makes certificates and requests for them. */
public final class CertificateMaker {

    /** Clocks of those who check it may be a little behind. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    /** RFC 5280, appendix A: the longest common name. */
    private static final int MOST_COMMON_NAME = 64;

    /** Who signs; without one a certificate vouches for itself. */
    public record Issuer(X509Certificate certificate, PrivateKey key) {

        @Override
        public String toString() {
            return "Issuer[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    private CertificateMaker() {}

    /**
     * A certificate for a server or a client.
     *
     * @param names DNS names and IP addresses, the first of which becomes the common name
     */
    public static X509Certificate identity(
            Purpose purpose,
            List<String> names,
            KeyPair keys,
            @Nullable Issuer issuer,
            Instant now,
            Instant notAfter) {
        KeyPurposeId usage =
                purpose == Purpose.CLIENT
                        ? KeyPurposeId.id_kp_clientAuth
                        : KeyPurposeId.id_kp_serverAuth;
        try {
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            extensions.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
            extensions.addExtension(Extension.subjectAlternativeName, false, alternative(names));
            return sign(subject(names.getFirst()), keys, issuer, extensions, now, notAfter);
        } catch (IOException e) {
            throw new IllegalStateException("the certificate could not be made", e);
        }
    }

    /** An authority that vouches for itself and for leaves, not for other authorities. */
    public static X509Certificate authority(
            String name, KeyPair keys, Instant now, Instant notAfter) {
        try {
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            extensions.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return sign(subject(name), keys, null, extensions, now, notAfter);
        } catch (IOException e) {
            throw new IllegalStateException("the authority could not be made", e);
        }
    }

    /** A request for a certificate (RFC 2986) in DER. */
    static byte[] request(List<String> names, PublicKey publicKey, PrivateKey key) {
        try {
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, false, alternative(names));
            Extensions wanted = extensions.generate();
            return new JcaPKCS10CertificationRequestBuilder(subject(names.getFirst()), publicKey)
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wanted)
                    .build(signer(key, publicKey))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("the request could not be made", e);
        }
    }

    private static X509Certificate sign(
            X500Name subject,
            KeyPair keys,
            @Nullable Issuer issuer,
            ExtensionsGenerator extensions,
            Instant now,
            Instant notAfter)
            throws IOException {
        try {
            var ids = new JcaX509ExtensionUtils();
            PublicKey issuerKey =
                    issuer == null ? keys.getPublic() : issuer.certificate().getPublicKey();
            extensions.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    ids.createSubjectKeyIdentifier(keys.getPublic()));
            extensions.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    ids.createAuthorityKeyIdentifier(issuerKey));
            var builder =
                    new X509v3CertificateBuilder(
                            issuer == null ? subject : subjectOf(issuer.certificate()),
                            new BigInteger(120, new SecureRandom()).setBit(0),
                            time(now.minus(BACKDATED)),
                            time(notAfter),
                            subject,
                            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            Extensions all = extensions.generate();
            for (var oid : all.getExtensionOIDs()) {
                builder.addExtension(all.getExtension(oid));
            }
            PrivateKey key = issuer == null ? keys.getPrivate() : issuer.key();
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(signer(key, issuerKey)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("the certificate could not be made", e);
        }
    }

    /** The issuer's name octet by octet: chains are matched by it. */
    private static X500Name subjectOf(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static ContentSigner signer(PrivateKey key, PublicKey publicKey)
            throws OperatorCreationException {
        String algorithm =
                switch (PrivateKeys.describe(publicKey).split(" ", 2)[0]) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" ->
                            PrivateKeys.describe(publicKey).equals("EC P-256")
                                    ? "SHA256withECDSA"
                                    : "SHA384withECDSA";
                    default -> "Ed25519";
                };
        return new JcaContentSignerBuilder(algorithm).build(key);
    }

    private static X500Name subject(String name) {
        var builder = new X500NameBuilder();
        if (name.length() <= MOST_COMMON_NAME) {
            builder.addRDN(BCStyle.CN, name);
        } else {
            builder.addRDN(BCStyle.CN, name.substring(0, MOST_COMMON_NAME));
        }
        return builder.build();
    }

    private static GeneralNames alternative(List<String> names) {
        return new GeneralNames(
                names.stream()
                        .map(name ->
                                new GeneralName(
                                        AddressLiteral.parse(name).isPresent()
                                                ? GeneralName.iPAddress
                                                : GeneralName.dNSName,
                                        name))
                        .toArray(GeneralName[]::new));
    }

    private static Time time(Instant instant) {
        return new Time(
                new ASN1GeneralizedTime(
                        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT)
                                .withZone(ZoneOffset.UTC)
                                .format(instant)));
    }
}
