package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.certificate.Fingerprints;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RealPostfix;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** Whether a server is matched, {@code posttls-finger -l LEVEL} says as our self-test does. */
@RunningSealpost
class PosttlsFingerTests {

    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final TestCa CA = TestCa.create("Finger CA");

    private final Configurer configurer;
    private final SelfTestClient tests;
    @TempDir Path folder;

    PosttlsFingerTests(@Value("${local.server.port}") int http) {
        configurer = new Configurer(http);
        tests = new SelfTestClient(HttpCaller.administrator(http));
    }

    @AfterEach
    void clean() throws Exception {
        configurer.removeAll();
    }

    /** Level and server; the first ones show every answer. */
    static Stream<List<String>> cases() {
        return Stream.of(
                        "secure trusted",
                        "secure other-name",
                        "fingerprint trusted",
                        "verify stranger",
                        "secure stranger",
                        "secure expired",
                        "verify trusted",
                        "verify other-name",
                        "verify expired",
                        "fingerprint stranger",
                        "fingerprint other-name",
                        "fingerprint expired",
                        "fingerprint-wrong trusted",
                        "encrypt trusted",
                        "encrypt stranger",
                        "may trusted")
                .map(line -> List.of(line.split(" ")))
                .limit(FULL ? Long.MAX_VALUE : 4);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysTheSame(List<String> row) throws Exception {
        RealPostfix.required();
        String level = row.get(0).replace("-wrong", "");
        TestCa.Identity identity =
                switch (row.get(1)) {
                    case "trusted" -> CA.leaf("mx.partner.example").issue();
                    case "other-name" -> CA.leaf("other.example").issue();
                    case "expired" -> CA.leaf("mx.partner.example").expired().issue();
                    default -> TestCa.selfSigned("mx.partner.example");
                };
        String pin =
                row.get(0).endsWith("-wrong")
                        ? "AA:".repeat(31) + "AA"
                        : Fingerprints.of(identity.leaf()).postfixMatch();
        try (var peer = new SmtpPeer().offersStarttls(identity)) {
            String nextHop = "[127.0.0.1]:" + peer.port();
            configurer.policy(
                    nextHop,
                    level,
                    switch (level) {
                        case "verify", "secure" ->
                                "{\"match\":[\"mx.partner.example\"],\"tafile\":[\"%d\"]}"
                                        .formatted(configurer.anchor(CA.pem()));
                        case "fingerprint" -> "{\"match\":[\"%s\"]}".formatted(pin);
                        default -> "{}";
                    });

            JsonNode verdict = tests.run("nextHop", nextHop).at("/verdict");
            List<String> said = finger(level, nextHop, pin);

            assertThat(verdict.at("/status").asString().equals("Verified"))
                    .as(said + " " + verdict.toPrettyString())
                    .isEqualTo(said.stream().anyMatch(PosttlsFingerTests::isMatched));
            assertThat(said).anyMatch(line -> line.contains("TLS connection established to"));
        }
    }

    private static boolean isMatched(String line) {
        return line.contains("Verified TLS connection established to");
    }

    private List<String> finger(String level, String nextHop, String pin) throws Exception {
        Path anchor = Files.writeString(folder.resolve("ca.pem"), CA.pem());
        var arguments =
                new ArrayList<>(
                        List.of("-c", "-l", level, "-F", anchor.toString(), "-L", "summary"));
        if (level.equals("fingerprint")) {
            arguments.addAll(List.of("-d", "sha256", nextHop, pin));
        } else {
            arguments.add(nextHop);
            if (level.equals("verify") || level.equals("secure")) {
                arguments.add("mx.partner.example");
            }
        }
        Files.writeString(folder.resolve("main.cf"), "compatibility_level = 3.6\n");
        arguments.addFirst("/usr/sbin/posttls-finger");
        var builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.environment().put("MAIL_CONFIG", folder.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }
}
