package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.SealpostProcess;

/**
 * What sslscan and testssl.sh say of our TLS, as others would look at it, in a process of its own:
 * some of Java's TLS is set before anything else happens. Minutes: full only.
 */
@EnabledIfSystemProperty(named = "sealpost.test.full", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsScannersTests {

    private SealpostProcess sealpost;
    private int smtps;
    private final Path folder;

    TlsScannersTests(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeAll
    void start() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            smtps = free.getLocalPort();
        }
        sealpost =
                new SealpostProcess(
                        folder,
                        "[127.0.0.1]:1",
                        List.of(),
                        List.of("--sealpost.bootstrap.smtps-port=" + smtps));
    }

    @AfterAll
    void end() {
        sealpost.close();
    }

    @Test
    void sslscan() {
        String program = installed("sslscan");
        for (String target : List.of("--starttls-smtp 127.0.0.1:" + sealpost.port(), smtps())) {
            String seen = Openssl.script(folder, program + " --no-colour --timeout=30 " + target);

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
        String program = installed("testssl", "testssl.sh");
        for (String target : List.of("--starttls smtp 127.0.0.1:" + sealpost.port(), smtps())) {
            String seen =
                    Openssl.script(
                            folder,
                            program
                                    + " --color 0 --warnings off -p -s -f -U "
                                    + target
                                    + " || true");

            assertThat(seen)
                    .containsPattern("TLS 1 +not offered")
                    .containsPattern("TLS 1.1 +not offered")
                    .containsPattern("TLS 1.2 +offered")
                    .containsPattern("TLS 1.3 +offered")
                    .containsPattern("Secure Client-Initiated Renegotiation +not vulnerable")
                    .doesNotContain("NOT ok", "VULNERABLE", "Local problem");
        }
    }

    private String smtps() {
        return "127.0.0.1:" + smtps;
    }

    /** The first of these names that is a program here; the test is skipped, saying so, if none. */
    private static String installed(String... names) {
        return Stream.of(names)
                .filter(TlsScannersTests::isProgram)
                .findFirst()
                .orElseGet(() -> {
                    String message = names[0] + " is not installed: see src/docs/verification.md";
                    Assumptions.abort(message);
                    return message;
                });
    }

    private static boolean isProgram(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
