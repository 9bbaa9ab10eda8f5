package org.sealpost.certificate;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;

/** What is asked of keys. */
final class PrivateKeys {

    private static final byte[] TEXT = new byte[32];

    static {
        new SecureRandom().nextBytes(TEXT);
    }

    private PrivateKeys() {}

    /** The box's purpose text for the key of the certificate with this digest. */
    static String purpose(String sha256) {
        return "private key of certificate " + sha256;
    }

    /** Whether a signature made with the one is verified by the other. */
    static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        return verifies(sign(key), key, publicKey);
    }

    /** The certificates made for this key; the key signs once however many there are. */
    static List<X509Certificate> certificatesOf(
            PrivateKey key, List<X509Certificate> certificates) {
        byte[] signature = sign(key);
        return certificates.stream()
                .filter(certificate -> verifies(signature, key, certificate.getPublicKey()))
                .toList();
    }

    /** E.g. {@code RSA 2048}, {@code EC P-256} or {@code Ed25519}. */
    static String describe(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec -> "EC P-" + ec.getParams().getOrder().bitLength();
            case EdECPublicKey edwards -> edwards.getParams().getName();
            default -> key.getAlgorithm();
        };
    }

    /** DESIGN 6.1: RSA below 2048 and EC below 256 bits are refused. */
    static boolean isWeak(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() < 2048;
            case ECPublicKey ec -> ec.getParams().getOrder().bitLength() < 256;
            default -> key.getAlgorithm().equals("DSA");
        };
    }

    /** Java's TLS speaks no EdDSA, so such an identity is stored but no handshake can use it. */
    static boolean isForTls(PublicKey key) {
        return key instanceof RSAPublicKey || key instanceof ECPublicKey;
    }

    private static byte[] sign(PrivateKey key) {
        try {
            var signer = Signature.getInstance(algorithm(key));
            signer.initSign(key);
            signer.update(TEXT);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            return new byte[0]; // belongs to no certificate
        }
    }

    private static boolean verifies(byte[] signature, PrivateKey key, PublicKey publicKey) {
        if (signature.length == 0 || !sameKind(key, publicKey)) {
            return false;
        }
        try {
            var verifier = Signature.getInstance(algorithm(key));
            verifier.initVerify(publicKey);
            verifier.update(TEXT);
            return verifier.verify(signature);
        } catch (GeneralSecurityException otherKindOfKey) {
            return false;
        }
    }

    private static boolean sameKind(PrivateKey key, PublicKey publicKey) {
        return switch (publicKey) {
            case RSAPublicKey _ -> key.getAlgorithm().equals("RSA");
            case ECPublicKey _ -> key.getAlgorithm().equals("EC");
            case EdECPublicKey _ -> algorithm(key).equals("EdDSA");
            default -> false;
        };
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
    }
}
