package org.sealpost.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of key that are made here. */
enum KeyKind {
    EC_P256("EC P-256", "EC", 256),
    EC_P384("EC P-384", "EC", 384),
    RSA_2048("RSA 2048", "RSA", 2048),
    RSA_3072("RSA 3072", "RSA", 3072),
    RSA_4096("RSA 4096", "RSA", 4096),
    ED25519("Ed25519", "Ed25519", 0);

    static final List<String> ALL = Arrays.stream(values()).map(kind -> kind.word).toList();

    private final String word;
    private final String algorithm;
    private final int bits;

    KeyKind(String word, String algorithm, int bits) {
        this.word = word;
        this.algorithm = algorithm;
        this.bits = bits;
    }

    static Optional<KeyKind> parse(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findAny();
    }

    static String words() {
        return String.join(", ", ALL);
    }

    KeyPair generate() {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform makes " + word + " keys", e);
        }
    }
}
