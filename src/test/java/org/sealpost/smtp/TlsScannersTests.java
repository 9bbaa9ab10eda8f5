package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.RunningSealpost;

/** What sslscan and testssl.sh say of our TLS, as others would look at it. Minutes: full only. */
@RunningSealpost
@EnabledIfSystemProperty(named = "sealpost.test.full", matches = "true")
class TlsScannersTests {

    private final Listeners listeners;
    @TempDir Path folder;

    TlsScannersTests(Listeners listeners) {
        this.listeners = listeners;
    }

    @Test
    void sslscan() {
        require("/usr/bin/sslscan");
        for (String listener : List.of("smtp", "smtps")) {
            String seen =
                    Openssl.script(
                            folder,
                            "sslscan --no-colour %s 127.0.0.1:%d"
                                    .formatted(
                                            listener.equals("smtp") ? "--starttls-smtp" : "",
                                            port(listener)));

            assertThat(seen)
                    .contains("TLSv1.3   enabled", "TLSv1.2   enabled")
                    .contains("TLSv1.1   disabled", "TLSv1.0   disabled", "SSLv3     disabled")
                    .contains("Session renegotiation not supported")
                    .doesNotContain("Compression enabled")
                    .doesNotContainPattern("(?m)^(Preferred|Accepted) .*(CBC|SHA$|RC4|DES|NULL)");
        }
    }

    @Test
    void testssl() {
        require("/usr/bin/testssl");
        String seen =
                Openssl.script(
                        folder,
                        "testssl --color 0 --warnings off -p -s -f -U --starttls smtp 127.0.0.1:%d || true"
                                .formatted(port("smtp")));

        assertThat(seen)
                .containsPattern("TLS 1 +not offered")
                .containsPattern("TLS 1.1 +not offered")
                .containsPattern("TLS 1.2 +offered")
                .containsPattern("TLS 1.3 +offered")
                .doesNotContain("(NOT ok)", "VULNERABLE (NOT ok)", "Local problem");
    }

    private static void require(String program) {
        Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
    }

    private int port(String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
