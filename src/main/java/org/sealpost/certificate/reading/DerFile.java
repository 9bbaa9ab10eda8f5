package org.sealpost.certificate.reading;

import java.io.IOException;
import java.security.PrivateKey;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** One ASN.1 structure, told by its shape: certificate, key, PKCS#7 or PKCS#12. */
final class DerFile {

    private static final int PKCS12_VERSION = 3;

    private DerFile() {}

    static void read(byte[] bytes, @Nullable String password, PasswordCost cost, Collector found) {
        ASN1Sequence outer = structure(bytes);
        ASN1Encodable first = outer.getObjectAt(0);
        ASN1Encodable second = outer.size() > 1 ? outer.getObjectAt(1) : null;
        switch (first) {
            case ASN1ObjectIdentifier _ -> pkcs7(outer, found);
            case ASN1Integer version when second instanceof ASN1Sequence ->
                    pkcs12OrPkcs8(version, outer, password, cost, found);
            case ASN1Integer _ when second instanceof ASN1Integer -> found.key(pkcs1(outer));
            case ASN1Integer _ when second instanceof ASN1OctetString -> found.key(sec1(outer));
            case ASN1Sequence _ when second instanceof ASN1OctetString ->
                    found.key(
                            KeyFormats.encrypted(
                                    new PKCS8EncryptedPrivateKeyInfo(
                                            EncryptedPrivateKeyInfo.getInstance(outer)),
                                    password,
                                    cost));
            case ASN1Sequence signed when isRequest(outer, signed) -> throw request();
            case null, default -> found.certificate(bytes);
        }
    }

    private static ASN1Sequence structure(byte[] bytes) {
        try (var stream = new ASN1InputStream(bytes)) {
            ASN1Primitive object = stream.readObject();
            for (byte after : stream.readAllBytes()) {
                if (!Character.isWhitespace(after)) {
                    throw Unreadable.damaged("content");
                }
            }
            if (object instanceof ASN1Sequence sequence && sequence.size() > 0) {
                return sequence;
            }
        } catch (IOException notDer) {
            if (bytes.length > 1 && bytes[0] == 0x30) {
                throw Unreadable.damaged("content"); // it begins as DER does: cut off
            }
        }
        throw Unreadable.undecodable();
    }

    static void pkcs7(ASN1Sequence outer, Collector found) {
        try {
            var signed = new CMSSignedData(ContentInfo.getInstance(outer));
            for (X509CertificateHolder holder : signed.getCertificates().getMatches(null)) {
                found.certificate(holder);
            }
        } catch (CMSException e) {
            throw Unreadable.damaged("PKCS#7 content");
        }
    }

    private static void pkcs12OrPkcs8(
            ASN1Integer version,
            ASN1Sequence outer,
            @Nullable String password,
            PasswordCost cost,
            Collector found) {
        if (version.hasValue(PKCS12_VERSION)) {
            Pkcs12File.read(Pfx.getInstance(outer), password, cost, found);
        } else {
            found.key(KeyFormats.of(PrivateKeyInfo.getInstance(outer)));
        }
    }

    private static PrivateKey pkcs1(ASN1Sequence outer) {
        try {
            return KeyFormats.of(
                    new PrivateKeyInfo(
                            new AlgorithmIdentifier(
                                    PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            RSAPrivateKey.getInstance(outer)));
        } catch (IOException e) {
            throw Unreadable.damaged("private key");
        }
    }

    private static PrivateKey sec1(ASN1Sequence outer) {
        ECPrivateKey key = ECPrivateKey.getInstance(outer);
        try {
            return KeyFormats.of(
                    new PrivateKeyInfo(
                            new AlgorithmIdentifier(
                                    X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                            key));
        } catch (IOException e) {
            throw Unreadable.damaged("private key");
        }
    }

    /** RFC 2986 §4.2: version, subject, key and attributes, where a certificate has more. */
    private static boolean isRequest(ASN1Sequence outer, ASN1Sequence signed) {
        return outer.size() == 3
                && signed.size() <= 4
                && signed.size() >= 3
                && signed.getObjectAt(0) instanceof ASN1Integer;
    }

    static RuntimeException request() {
        return Unreadable.unsupported(
                "The file holds a certificate request, not a certificate.",
                "Send the request to an authority and upload what it answers.");
    }
}
