package org.sealpost.certificate.reading;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.jspecify.annotations.Nullable;

/** Private keys in all their formats, always given on as Java's own kind. */
public final class KeyFormats {

    /** Not registered with the platform: TLS and everything else stay with Java's providers. */
    static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private KeyFormats() {}

    /**
     * Reads an unencrypted PKCS#8 key.
     *
     * @throws IllegalArgumentException when it is none of RSA, EC or EdDSA
     */
    public static PrivateKey decode(byte[] pkcs8) {
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

    static PrivateKey of(PrivateKeyInfo info) {
        try {
            // Version 2 may carry the public key as well (RFC 5958 §2), which Java refuses.
            var plain = new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), info.parsePrivateKey());
            return decode(plain.getEncoded());
        } catch (IOException | IllegalArgumentException e) {
            throw Unreadable.unsupported(
                    "The private key is of a kind that TLS here cannot use.",
                    "Use RSA, EC on the curve P-256, P-384 or P-521 by its name, or Ed25519.");
        }
    }

    static PrivateKey encrypted(
            PKCS8EncryptedPrivateKeyInfo info, @Nullable String password, PasswordCost cost) {
        if (password == null || password.isEmpty()) {
            throw Unreadable.passwordMissing();
        }
        cost.spend(info.toASN1Structure().getEncryptionAlgorithm());
        try {
            return of(
                    info.decryptPrivateKeyInfo(
                            new JcePKCSPBEInputDecryptorProviderBuilder()
                                    .setProvider(BOUNCY_CASTLE)
                                    .build(password.toCharArray())));
        } catch (PKCSException e) {
            throw Unreadable.wrongPassword();
        }
    }

    /** A PEM block in OpenSSL's old format: PKCS#1 or SEC 1, encrypted by its headers or not. */
    static PrivateKey traditional(String block, @Nullable String password) {
        try (var parser = new PEMParser(new StringReader(block))) {
            return switch (parser.readObject()) {
                case PEMKeyPair pair -> of(pair.getPrivateKeyInfo());
                case PEMEncryptedKeyPair encrypted -> of(open(encrypted, password));
                case PrivateKeyInfo info -> of(info);
                case null, default -> throw Unreadable.damaged("private key");
            };
        } catch (IOException e) {
            throw Unreadable.damaged("private key");
        }
    }

    private static PrivateKeyInfo open(PEMEncryptedKeyPair pair, @Nullable String password) {
        if (password == null || password.isEmpty()) {
            throw Unreadable.passwordMissing();
        }
        try {
            return pair.decryptKeyPair(
                            new JcePEMDecryptorProviderBuilder()
                                    .setProvider(BOUNCY_CASTLE)
                                    .build(password.toCharArray()))
                    .getPrivateKeyInfo();
        } catch (IOException e) {
            throw Unreadable.wrongPassword();
        }
    }
}
