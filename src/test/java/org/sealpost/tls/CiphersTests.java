package org.sealpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.mail.InvalidInput;

/** Grades and exclusions speak OpenSSL; what they leave is checked by the suites' own names. */
class CiphersTests {

    private static final List<String> ALL = suites("");

    @ParameterizedTest
    @ValueSource(strings = {"high", "HIGH", "medium", "low", "export"})
    void everyGradeMeansTheSameSuites(String grade) {
        assertThat(Ciphers.of("f", grade, List.of())).isEqualTo(ALL);
    }

    @Test
    void nothingBrokenIsOffered() {
        assertThat(ALL)
                .isNotEmpty()
                .noneMatch(name -> name.matches(".*(NULL|anon|RC4|DES|MD5|EXPORT|_DSS_).*"))
                .noneMatch(name -> name.startsWith("TLS_RSA_WITH_"))
                .anyMatch(name -> name.equals("TLS_AES_256_GCM_SHA384"));
    }

    /** Token, and a pattern of the JSSE names below TLS 1.3 that must be gone, and no others. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "aNULL none",
                "3DES none",
                "RC4-SHA none",
                "DES-CBC3-SHA none",
                "ECDHE-RSA-CAMELLIA256-SHA384 none",
                "MEDIUM none",
                "HIGH .*",
                "ALL .*",
                "kRSA none",
                "ECDHE TLS_ECDHE_.*",
                "kEECDH TLS_ECDHE_.*",
                "DHE TLS_DHE_.*",
                "EDH TLS_DHE_.*",
                "aRSA .*_RSA_WITH_.*",
                "aECDSA .*_ECDSA_WITH_.*",
                "AES .*_AES_.*",
                "AES128 .*_AES_128_.*",
                "AES256 .*_AES_256_.*",
                "AESGCM .*_GCM_.*",
                "CHACHA20 .*_CHACHA20_.*",
                "SHA1 .*_CBC_SHA",
                "SHA .*_CBC_SHA",
                "SHA256 .*_CBC_SHA256",
                "SHA384 .*_CBC_SHA384",
                "TLSv1.2 .*(_GCM_|_CHACHA20_|_CBC_SHA256|_CBC_SHA384).*",
                "ECDHE+AES128 TLS_ECDHE_.*_AES_128_.*",
                "aRSA+SHA1 .*_RSA_WITH_.*_CBC_SHA",
                "ECDHE-RSA-AES128-GCM-SHA256 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "ECDHE-ECDSA-CHACHA20-POLY1305 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "ECDHE-RSA-AES256-SHA TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
            })
    void anExclusionTakesExactlyItsSuites(String token, String pattern) {
        Predicate<String> meant = name -> name.contains("_WITH_") && name.matches(pattern);

        assertThat(suites(token)).isEqualTo(ALL.stream().filter(meant.negate()).toList());
    }

    @Test
    void severalExclusionsAddUpInAnyWriting() {
        assertThat(suites("AESGCM:SHA1"))
                .isEqualTo(suites("AESGCM, SHA1"))
                .isEqualTo(suites(" AESGCM SHA1 "))
                .noneMatch(name -> name.matches(".*_WITH_.*(_GCM_.*|_CBC_SHA)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!RC4",
                "-RC4",
                "+RC4",
                "@STRENGTH",
                "rc4",
                "ECDHE-RSA-AES128-SHA265",
                "ECDHE+AES512",
                "TLS_AES_256_GCM_SHA384",
                "CBC3-"
            })
    void anUnknownTokenIsRefusedWithTheKnownOnes(String token) {
        assertThatThrownBy(() -> Ciphers.exclusions("exclude", token))
                .isInstanceOfSatisfying(
                        InvalidInput.class,
                        refusal ->
                                assertThat(refusal.remedy()).contains("aNULL", "ECDHE", "SHA256"));
    }

    @Test
    void aProtocolWithoutASuiteIsNotUsable() {
        assertThat(Ciphers.usable(List.of("TLSv1.3", "TLSv1.2"), suites("HIGH")))
                .containsExactly("TLSv1.3");
        assertThat(Ciphers.usable(List.of("TLSv1.2", "TLSv1"), suites("SHA1")))
                .containsExactly("TLSv1.2");
        assertThat(Ciphers.usable(List.of("TLSv1"), ALL)).containsExactly("TLSv1");
    }

    private static List<String> suites(String exclude) {
        return Ciphers.of("ciphers", "medium", Ciphers.exclusions("exclude", exclude));
    }
}
