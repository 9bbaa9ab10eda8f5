package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.PrivatePostfix;
import org.sealpost.testing.RealPostfix;
import org.sealpost.testing.TestCa;

/** The versions and suites that the survey finds are those that {@code sslscan} finds. */
class SslscanTests {

    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final Pattern SUITE =
            Pattern.compile("(?m)^(?:Preferred|Accepted) +(TLSv1\\.\\d) +\\d+ bits +(\\S+)");

    @TempDir static Path folder;

    @BeforeAll
    static void tools() throws Exception {
        Openssl.require();
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/sslscan")),
                "sslscan is not installed: apt-get install sslscan");
        Files.writeString(
                folder.resolve("server.pem"), TestCa.selfSigned("relay.example.test").pem());
    }

    static Stream<String> opensslServers() {
        return Stream.of(
                        "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256",
                        "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256",
                        "",
                        "-tls1_2",
                        "-tls1_2 -cipher ALL",
                        "-tls1_2 -cipher ALL:aNULL:@SECLEVEL=0",
                        "-tls1_1 -cipher ALL:@SECLEVEL=0",
                        "-tls1 -cipher ALL:@SECLEVEL=0")
                .limit(FULL ? Long.MAX_VALUE : 1);
    }

    @ParameterizedTest
    @MethodSource("opensslServers")
    void ofOpenssl(String options) throws Exception {
        try (var server = new OpensslServer(folder, options)) {
            var survey = new TlsSurvey(server.listener());
            survey.steps();

            assertThat(sorted(survey.found())).isEqualTo(scanned("", server.port())).isNotEmpty();
        }
    }

    static Stream<Map<String, String>> postfixes() {
        return Stream.of(
                        Map.of("smtpd_tls_mandatory_protocols", ">=TLSv1.2"),
                        Map.of("smtpd_tls_protocols", ">=TLSv1.3"),
                        Map.of("smtpd_tls_protocols", "TLSv1.2", "smtpd_tls_ciphers", "high"),
                        Map.of("smtpd_tls_ciphers", "high", "smtpd_tls_exclude_ciphers", "aNULL"),
                        Map.of("smtpd_tls_exclude_ciphers", "aNULL, CAMELLIA, ARIA, AESCCM, SHA1"))
                .limit(FULL ? Long.MAX_VALUE : 0);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("postfixes")
    void ofPostfix(Map<String, String> settings) throws Exception {
        RealPostfix.requiredToRun();
        try (var postfix = new PrivatePostfix()) {
            Path chain = postfix.file("chain.pem", Files.readString(folder.resolve("server.pem")));
            postfix.set("smtpd_tls_security_level", "may")
                    .set("smtpd_tls_chain_files", chain.toString());
            settings.forEach(postfix::set);
            postfix.start();
            var survey = new TlsSurvey(Listening.at(postfix.port(), "may", false));
            survey.steps();

            assertThat(sorted(survey.found()))
                    .isEqualTo(scanned("--starttls-smtp", postfix.port()))
                    .isNotEmpty();
        }
    }

    private static Map<String, Set<String>> sorted(Map<String, ? extends Iterable<String>> found) {
        var sorted = new TreeMap<String, Set<String>>();
        found.forEach((version, suites) -> {
            var names = new TreeSet<String>();
            suites.forEach(names::add);
            sorted.put(version.equals("TLSv1") ? "TLSv1.0" : version, names);
        });
        return sorted;
    }

    private static Map<String, Set<String>> scanned(String options, int port) {
        String seen =
                Openssl.script(
                        folder,
                        "sslscan --no-colour --no-heartbleed --no-groups --no-renegotiation"
                                + " --no-compression --no-fallback --no-check-certificate %s"
                                        .formatted(options)
                                + " 127.0.0.1:"
                                + port);
        var found = new TreeMap<String, Set<String>>();
        SUITE.matcher(seen)
                .results()
                .forEach(line ->
                        found.computeIfAbsent(line.group(1), _ -> new TreeSet<>())
                                .add(line.group(2)));
        return found;
    }
}
