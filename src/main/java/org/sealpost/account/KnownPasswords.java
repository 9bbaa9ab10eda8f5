package org.sealpost.account;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Compares passwords, and remembers for some minutes that one was right: a program sends it with
 * every request or message, and the slow hash costs 50 times as much as relaying a message.
 *
 * <p>What is remembered is a keyed digest over the stored hash and the password, under a key that
 * this process made up. A changed password changes the stored hash, so it acts at once; a wrong
 * password always costs the slow hash.
 */
@Component
class KnownPasswords {

    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST = 10_000;

    private final PasswordEncoder encoder;
    private final Clock clock;
    private final SecretKeySpec key;
    private final Map<String, Instant> right =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                    return size() > MOST;
                }
            };

    KnownPasswords(PasswordEncoder encoder, Clock clock) {
        this.encoder = encoder;
        this.clock = clock;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** Whether the password is the one that was hashed. */
    boolean matches(String password, String hash) {
        String digest = digest(password, hash);
        synchronized (right) {
            Instant since = right.get(digest);
            if (since != null && since.plus(REMEMBERED).isAfter(clock.instant())) {
                return true;
            }
        }
        boolean matches = encoder.matches(password, hash);
        if (matches) {
            synchronized (right) {
                right.remove(digest);
                right.put(digest, clock.instant());
            }
        }
        return matches;
    }

    private String digest(String password, String hash) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(hash.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0); // no hash holds one, so no two pairs read alike
            return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
