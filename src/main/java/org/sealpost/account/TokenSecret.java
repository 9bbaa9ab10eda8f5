package org.sealpost.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** A token as its program sends it: a prefix that scanners of leaked secrets find, and 256 bits. */
record TokenSecret(String text) {

    private static final String PREFIX = "sealpost_";
    private static final int OCTETS = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    static TokenSecret random() {
        var octets = new byte[OCTETS];
        RANDOM.nextBytes(octets);
        return new TokenSecret(
                PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(octets));
    }

    /** What is stored. So much randomness needs no slow hash, and each request computes it. */
    String digest() {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "TokenSecret[" + PREFIX + "..]";
    }
}
