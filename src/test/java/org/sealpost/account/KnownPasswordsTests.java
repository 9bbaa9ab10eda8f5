package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

class KnownPasswordsTests {

    private final SlowEncoder encoder = new SlowEncoder();
    private final SettableClock clock = new SettableClock();
    private final KnownPasswords passwords = new KnownPasswords(encoder, clock);

    @Test
    void aRightPasswordCostsTheSlowHashOnceInTenMinutes() {
        assertThat(passwords.matches("secret", "#secret")).isTrue();
        assertThat(passwords.matches("secret", "#secret")).isTrue();
        assertThat(encoder.asked).isEqualTo(1);

        clock.now = clock.now.plus(Duration.ofMinutes(10));

        assertThat(passwords.matches("secret", "#secret")).isTrue();
        assertThat(encoder.asked).isEqualTo(2);
    }

    @Test
    void aWrongPasswordAlwaysCostsIt() {
        passwords.matches("secret", "#secret");

        assertThat(passwords.matches("guess", "#secret")).isFalse();
        assertThat(passwords.matches("guess", "#secret")).isFalse();
        assertThat(encoder.asked).isEqualTo(3);
    }

    @Test
    void aChangedPasswordActsAtOnce() {
        passwords.matches("secret", "#secret");

        assertThat(passwords.matches("secret", "#changed")).isFalse();
    }

    private static final class SlowEncoder implements PasswordEncoder {
        private int asked;

        @Override
        public String encode(@Nullable CharSequence password) {
            return "#" + password;
        }

        @Override
        public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
            asked++;
            return encode(password).equals(hash);
        }
    }

    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
