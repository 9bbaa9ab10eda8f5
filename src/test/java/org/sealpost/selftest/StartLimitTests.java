package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.AskedTooOften;

/** How often one caller may start tests. */
class StartLimitTests {

    @Test
    void whoAsksTooOftenHasToWaitAndNobodyElseHas() {
        var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        var limit = new StartLimit(clock);

        for (int i = 0; i < 120; i++) {
            limit.count("hasty");
        }

        assertThatThrownBy(() -> limit.count("hasty"))
                .isInstanceOf(AskedTooOften.class)
                .hasMessageContaining("120");
        assertThatCode(() -> limit.count("other")).doesNotThrowAnyException();
        now.set(now.get().plusSeconds(61));
        assertThatCode(() -> limit.count("hasty")).doesNotThrowAnyException();
    }
}
