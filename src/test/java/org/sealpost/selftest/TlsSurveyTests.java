package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.TestCa;

/** What the survey finds on servers of OpenSSL is what they were told to offer. */
class TlsSurveyTests {

    @TempDir static Path folder;

    @BeforeAll
    static void anIdentity() throws Exception {
        Openssl.require();
        Files.writeString(
                folder.resolve("server.pem"), TestCa.selfSigned("relay.example.test").pem());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256 | TLSv1.3. | TLSv1.3: TLS_AES_128_GCM_SHA256. | pass | pass",
                "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 | TLSv1.2; not TLS 1.3. | TLSv1.2: ECDHE-ECDSA-AES128-GCM-SHA256. | pass | pass",
                "-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305 -serverpref | TLSv1.2; not TLS 1.3. | TLSv1.2: ECDHE-ECDSA-AES256-SHA384, ECDHE-ECDSA-CHACHA20-POLY1305. | pass | pass",
                "-tls1 -cipher ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0 | Neither TLS 1.3 nor TLS 1.2 is taken, but TLSv1. | TLSv1: ECDHE-ECDSA-AES128-SHA. | fail | pass",
                "-tls1_1 -cipher ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0 | Neither TLS 1.3 nor TLS 1.2 is taken, but TLSv1.1. | TLSv1.1: ECDHE-ECDSA-AES256-SHA. | fail | pass",
                "-tls1_2 -cipher AECDH-AES256-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0 | TLSv1.2; not TLS 1.3. | TLSv1.2: ECDHE-ECDSA-AES128-SHA, AECDH-AES256-SHA. | pass | fail"
            })
    void findsVersionsAndSuites(
            String options, String protocols, String ciphers, String oldTls, String weak)
            throws Exception {
        try (var server = new OpensslServer(folder, options)) {
            var survey = new TlsSurvey(server.listener());
            List<TestStep> steps = survey.steps();

            assertThat(steps.get(0).detail()).isEqualTo(protocols);
            assertThat(steps.get(1).detail()).startsWith(ciphers);
            assertThat(steps.stream().map(TestStep::status).skip(2).collect(Collectors.toList()))
                    .containsExactly(oldTls, weak);
        }
    }
}
