package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTests {

    private static final Totp RFC =
            new Totp("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    // RFC 6238 Appendix B, the last six of its eight digits
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void theCodesAreThoseOfTheStandard(long second, String code) {
        Instant then = Instant.ofEpochSecond(second);

        assertThat(RFC.step(code, then)).hasValue(second / 30);
        assertThat(RFC.step(code, then.plusSeconds(30))).hasValue(second / 30);
        assertThat(RFC.step(code, then.minusSeconds(30))).hasValue(second / 30);
        assertThat(RFC.step(code, then.plusSeconds(60))).isEmpty();
        assertThat(RFC.step(code, then.minusSeconds(60))).isEmpty();
    }

    @Test
    void aKeyIsReadAsItIsWritten() {
        assertThat(RFC.typed()).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assertThat(Totp.parse(RFC.typed()).key()).isEqualTo(RFC.key());
        Totp random = Totp.random();
        assertThat(Totp.parse(random.typed()).key()).isEqualTo(random.key());
        assertThatIllegalArgumentException().isThrownBy(() -> Totp.parse("GEZDGNBV"));
        assertThatIllegalArgumentException().isThrownBy(() -> Totp.parse("1".repeat(32)));
    }
}
