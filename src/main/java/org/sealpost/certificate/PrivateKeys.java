package org.sealpost.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Private keys in PKCS#8 (RFC 5958). */
final class PrivateKeys {

    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private PrivateKeys() {}

    /** The box's purpose text for the key of the certificate with this digest. */
    static String purpose(String sha256) {
        return "private key of certificate " + sha256;
    }

    /**
     * Reads an unencrypted key.
     *
     * @throws IllegalArgumentException when it is none of RSA, EC or Ed25519
     */
    static PrivateKey decode(byte[] pkcs8) {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException notThisOne) {
                // the next algorithm
            }
        }
        throw new IllegalArgumentException("not an unencrypted PKCS#8 key of RSA, EC or Ed25519");
    }

    /** Whether a signature made with the one is verified by the other. */
    static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            byte[] text = new byte[32];
            new SecureRandom().nextBytes(text);
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(text);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException otherKindOfKey) {
            return false;
        }
    }
}
