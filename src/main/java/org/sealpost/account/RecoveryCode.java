package org.sealpost.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A code that lets somebody in once who has no authenticator at hand.
 *
 * <p>It holds 80 random bits, which nobody guesses; so a plain digest keeps it, as with tokens.
 */
final class RecoveryCode {

    /** How many somebody has at a time. */
    static final int COUNT = 10;

    /** Without letters and digits that look alike; 32 of them, 5 bits each. */
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int LENGTH = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private RecoveryCode(String text) {
        this.text = text;
    }

    static RecoveryCode random() {
        return new RecoveryCode(
                IntStream.range(0, LENGTH)
                        .mapToObj(i ->
                                String.valueOf(LETTERS.charAt(RANDOM.nextInt(LETTERS.length()))))
                        .collect(Collectors.joining()));
    }

    /** As somebody types it, with or without hyphens. */
    static RecoveryCode typed(String text) {
        return new RecoveryCode(text.toLowerCase(Locale.ROOT).replaceAll("[\\s-]", ""));
    }

    /** In groups of four. */
    String shown() {
        return text.replaceAll("(.{4})(?!$)", "$1-");
    }

    String digest() {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
