package org.sealpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS 1.0 and 1.1 for a partner that has nothing newer, and nothing else weaker by it. */
class LegacyTlsTests {

    @TempDir private Path home;

    @Test
    void onlyTheRulesThatAskGetTheOldVersionsAndOnlyWithTheSwitch() throws Exception {
        Map<String, String> strict = probe("false");
        Map<String, String> legacy = probe("true");

        withoutTheSwitch(strict);
        withTheSwitch(legacy);
        liftsNoOtherBan(strict, legacy);
    }

    private static void withoutTheSwitch(Map<String, String> facts) {

        assertThat(facts)
                .containsEntry("offered", "[TLSv1.3, TLSv1.2]")
                .containsEntry("legacy-rule", "[TLSv1.3, TLSv1.2] warnings 0")
                .containsEntry("only-legacy", "refused")
                .containsEntry("to-old-server-by-legacy-rule", "failed")
                .containsEntry("to-old-server-by-default-rule", "failed");
    }

    private static void withTheSwitch(Map<String, String> facts) {
        assertThat(facts)
                .containsEntry("offered", "[TLSv1.3, TLSv1.2, TLSv1.1, TLSv1]")
                .containsEntry("legacy-rule", "[TLSv1.3, TLSv1.2, TLSv1.1, TLSv1] warnings 1")
                .containsEntry("only-legacy", "[TLSv1] warnings 1")
                .containsEntry("to-old-server-by-legacy-rule", "deliver-encrypted TLSv1 [warn]")
                .containsEntry("to-old-server-by-default-rule", "failed")
                .containsEntry("default-rule", "[TLSv1.3, TLSv1.2]");
        assertThat(facts.get("client")).doesNotContain("TLSv1,", "TLSv1]", "TLSv1.1");
        assertThat(facts.get("server")).doesNotContain("TLSv1,", "TLSv1]", "TLSv1.1");
    }

    private static void liftsNoOtherBan(Map<String, String> strict, Map<String, String> legacy) {
        assertThat(legacy.get("suites")).isEqualTo(strict.get("suites"));
        assertThat(legacy.get("chain-bans")).isEqualTo(strict.get("chain-bans"));
        assertThat(LegacyTls.withoutOldVersions(strict.getOrDefault("bans", "")))
                .isEqualTo(legacy.get("bans"));
        assertThat(legacy.get("bans"))
                .contains("SSLv3", "RC4", "3DES_EDE_CBC", "anon", "NULL", "TLS_RSA_*")
                .doesNotContain("TLSv1,", "TLSv1.1,");
    }

    private Map<String, String> probe(String allow) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                LegacyProbe.class.getName(),
                                "--sealpost.home=" + home.resolve(allow),
                                "--sealpost.tls.allow-legacy=" + allow)
                        .redirectErrorStream(true)
                        .start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed.lines()
                .filter(line -> line.startsWith("fact "))
                .map(line -> line.substring("fact ".length()).split("=", 2))
                .collect(Collectors.toMap(fact -> fact[0], fact -> fact[1]));
    }
}
