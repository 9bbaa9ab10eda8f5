package org.sealpost.account;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key an authenticator app shares with this server, and the codes of six digits it makes of it
 * every 30 seconds (RFC 6238, HMAC-SHA-1 as every app knows it).
 */
final class Totp {

    private static final TimeBasedOneTimePasswordGenerator CODES =
            new TimeBasedOneTimePasswordGenerator();
    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** As long as the hash, which RFC 4226 §4 recommends. */
    private static final int KEY_BYTES = 20;

    private final byte[] key;

    Totp(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes");
        }
        this.key = key.clone();
    }

    static Totp random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Totp(key);
    }

    /**
     * Reads what {@link #typed} wrote.
     *
     * @throws IllegalArgumentException when it is no key of ours
     */
    static Totp parse(String typed) {
        byte[] key = new byte[KEY_BYTES];
        if (typed.length() * 5 != key.length * 8) {
            throw new IllegalArgumentException("a key has 32 letters");
        }
        for (int bit = 0; bit < key.length * 8; bit++) {
            int five = BASE_32.indexOf(typed.charAt(bit / 5));
            if (five < 0) {
                throw new IllegalArgumentException("a key is written in Base32");
            }
            key[bit / 8] |= (byte) ((five >> (4 - bit % 5) & 1) << (7 - bit % 8));
        }
        return new Totp(key);
    }

    byte[] key() {
        return key.clone();
    }

    /** The key as people type it into an app (RFC 4648 §6). */
    String typed() {
        var text = new StringBuilder();
        for (int bit = 0; bit < key.length * 8; bit += 5) {
            int five = 0;
            for (int i = bit; i < bit + 5; i++) {
                five = five << 1 | (key[i / 8] >> (7 - i % 8) & 1);
            }
            text.append(BASE_32.charAt(five));
        }
        return text.toString();
    }

    /** What the QR code says. */
    String address(String issuer, String username) {
        return "otpauth://totp/%s:%s?secret=%s&issuer=%s"
                .formatted(encoded(issuer), encoded(username), typed(), encoded(issuer));
    }

    /** The time step the code belongs to: the present one, or its neighbours for slow clocks. */
    OptionalLong step(String code, Instant now) {
        long present = Math.floorDiv(now.getEpochSecond(), CODES.getTimeStep().toSeconds());
        OptionalLong found = OptionalLong.empty();
        for (long step = present - 1; step <= present + 1; step++) {
            if (MessageDigest.isEqual(
                    code(step).getBytes(StandardCharsets.US_ASCII),
                    code.getBytes(StandardCharsets.UTF_8))) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    String code(long step) {
        try {
            return CODES.generateOneTimePasswordString(
                    new SecretKeySpec(key, CODES.getAlgorithm()),
                    Instant.ofEpochSecond(step * CODES.getTimeStep().toSeconds()),
                    Locale.ROOT);
        } catch (InvalidKeyException everyKeyFits) {
            throw new IllegalStateException(everyKeyFits);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
