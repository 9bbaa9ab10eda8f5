package org.sealpost;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.MailLog;
import org.sealpost.testing.Pem;
import org.sealpost.testing.PrivatePostfix;
import org.sealpost.testing.RealPostfix;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.ServerKinds;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A real Postfix and Sealpost do the same with the same rule, next hop and server. */
@RunningSealpost
@ExtendWith(OutputCaptureExtension.class)
class PostfixDifferenceTests {

    private static final Path CASES = Path.of("src/test/resources/delivery/postfix-cases.txt");
    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final TestCa CA = TestCa.create("Ours");
    private static final TestCa OTHER = TestCa.create("Theirs");
    private static final ServerKinds SERVERS = new ServerKinds(CA, OTHER, "localhost", "localhost");

    private final int http;
    private final Listeners listeners;

    PostfixDifferenceTests(@Value("${local.server.port}") int http, Listeners listeners) {
        this.http = http;
        this.listeners = listeners;
    }

    /** A line of the table, with its server running. */
    private record Case(
            String line,
            String domain,
            String key,
            String rule,
            String server,
            String postfix,
            String sealpost,
            SmtpPeer peer) {

        static Case of(int number, String line) throws IOException {
            String[] cells = line.split("\\s+\\|\\s+", -1);
            var peer = new SmtpPeer();
            SERVERS.apply(peer, cells[2]);
            String wanted = cells[4].equals("=") ? cells[3] : cells[4];
            assertThat(cells[5].equals("-"))
                    .as("a reason: " + line)
                    .isEqualTo(cells[4].equals("="));
            return new Case(
                    line,
                    "c" + number + ".example",
                    cells[0],
                    cells[1],
                    cells[2],
                    cells[3],
                    wanted,
                    peer);
        }

        boolean isRefused() {
            return sealpost.equals("refused");
        }

        /** The rule as a line of a policy table; nothing where there is none. */
        String entry(Map<String, String> files) {
            if (rule.equals("-")) {
                return "";
            }
            var leaf = SERVERS.identity(server).leaf();
            String text = (key.equals("-") ? peer.nextHop() : key) + " " + rule + "\n";
            for (var file : files.entrySet()) {
                text = text.replace("{" + file.getKey() + "}", file.getValue());
            }
            return text.replace("{port}", String.valueOf(peer.port()))
                    .replace("{domain}", domain)
                    .replace("{pin}", Fingerprint.ofCertificate(leaf, Digest.SHA256).colonText())
                    .replace("{key}", Fingerprint.ofPublicKey(leaf, Digest.SHA256).colonText())
                    .replace(
                            "{otherpin}",
                            Fingerprint.ofCertificate(CA.certificate(), Digest.SHA256).colonText());
        }

        /** Whether each message arrived as this log says it did. */
        boolean arrived(String who, String course) {
            String command = "RCPT TO:<" + who + "@" + domain + ">";
            List<Boolean> encrypted =
                    peer.taken().stream()
                            .filter(one ->
                                    one.commands().stream()
                                            .anyMatch(line -> line.startsWith(command)))
                            .map(SmtpPeer.Taken::encrypted)
                            .toList();
            String last = course.substring(course.lastIndexOf(',') + 1).strip();
            return last.startsWith("sent")
                    ? encrypted.equals(List.of(last.matches("sent \\S+ \\w+")))
                    : encrypted.isEmpty();
        }
    }

    @Test
    void bothDoTheSameSaveWhereAReasonSaysOtherwise(CapturedOutput output) throws Exception {
        RealPostfix.requiredToRun();
        var cases = cases();
        var sealpost = new Configurer(http);
        try (var postfix = new PrivatePostfix()) {
            start(postfix, cases);
            configure(sealpost, cases);
            send(postfix.port(), "postfix", cases);
            send(port(), "sealpost", cases.stream().filter(one -> !one.isRefused()).toList());

            String wanted = table(cases, Case::postfix, Case::sealpost);
            try {
                await().atMost(SOON).until(() -> table(cases, postfix, output).equals(wanted));
            } catch (ConditionTimeoutException differs) {
                // told below, line by line
            }

            assertThat(table(cases, postfix, output))
                    .as("Postfix's log:%n%s", String.join("\n", postfix.lines()))
                    .isEqualTo(wanted);
        } finally {
            sealpost.removeAll();
            for (Case one : cases) {
                one.peer().close();
            }
        }
    }

    private static List<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        for (String line : Files.readAllLines(CASES)) {
            if (line.startsWith("----") && !FULL) {
                break;
            }
            if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("----")) {
                cases.add(Case.of(cases.size() + 1, line));
            }
        }
        assertThat(cases).hasSizeGreaterThanOrEqualTo(FULL ? 60 : 15);
        return cases;
    }

    private static void start(PrivatePostfix postfix, List<Case> cases) throws IOException {
        var files =
                Map.of(
                        "ca", postfix.file("ca.pem", CA.pem()).toString(),
                        "other", postfix.file("other.pem", OTHER.pem()).toString(),
                        "own", postfix.file("own.pem", own()).toString());
        String policies = cases.stream().map(one -> one.entry(files)).collect(joining());
        String transport =
                cases.stream()
                        .map(one -> one.domain() + " smtp:" + one.peer().nextHop() + "\n")
                        .collect(joining());
        postfix.set("smtp_tls_security_level", "may")
                .set("smtp_tls_policy_maps", "texthash:" + postfix.file("tls_policy", policies))
                .set("transport_maps", "texthash:" + postfix.file("transport", transport))
                .set("smtp_tls_CAfile", Objects.requireNonNull(files.get("ca")))
                .set("smtp_tls_protocols", ">=TLSv1.2")
                .set("smtp_tls_mandatory_protocols", ">=TLSv1.2")
                .set("smtp_tls_fingerprint_digest", "sha256")
                .start();
    }

    private static String own() {
        return Pem.of(SERVERS.identity("selfsigned").leaf());
    }

    private static void configure(Configurer sealpost, List<Case> cases) throws Exception {
        sealpost.trust(CA.pem());
        var files =
                Map.of(
                        "ca", String.valueOf(sealpost.anchor(CA.pem())),
                        "other", String.valueOf(sealpost.anchor(OTHER.pem())),
                        "own", String.valueOf(sealpost.anchor(own())));
        var policies = new StringBuilder();
        for (Case one : cases) {
            if (one.isRefused()) {
                assertThat(sealpost.importPolicies(one.entry(files), true).get("errors"))
                        .as(one.line())
                        .isNotEmpty();
            } else {
                policies.append(one.entry(files));
                sealpost.route(one.domain(), one.peer().nextHop());
            }
        }
        sealpost.importPolicies(policies.toString(), false);
    }

    private static void send(int port, String who, List<Case> cases) throws IOException {
        try (var client = new SmtpClient(port)) {
            for (Case one : cases) {
                assertThat(client.send("", who + "@" + one.domain(), "Subject: x\r\n\r\nx\r\n"))
                        .isTrue();
            }
        }
    }

    private static String table(List<Case> cases, PrivatePostfix postfix, CapturedOutput output) {
        Map<String, String> by = courses("postfix", cases, postfix.lines());
        by.putAll(courses("sealpost", cases, output.getAll().lines().toList()));
        return table(
                cases,
                one -> result("postfix", one, by),
                one -> one.isRefused() ? "refused" : result("sealpost", one, by));
    }

    private static String result(String who, Case one, Map<String, String> courses) {
        String course = courses.getOrDefault(who + "@" + one.domain(), "nothing yet");
        return one.arrived(who, course) ? course : course + " (the server saw something else)";
    }

    private static Map<String, String> courses(String who, List<Case> cases, List<String> lines) {
        var ports = new HashMap<String, Integer>();
        cases.forEach(one -> ports.put(who + "@" + one.domain(), one.peer().port()));
        var courses = new HashMap<String, String>();
        new MailLog(lines)
                .courses(ports)
                .forEach((recipient, course) -> courses.put(recipient, String.join(", ", course)));
        return courses;
    }

    private static String table(
            List<Case> cases, Function<Case, String> postfix, Function<Case, String> sealpost) {
        return cases.stream()
                .map(one ->
                        "%s | %s | %s | %s | %s"
                                .formatted(
                                        one.key(),
                                        one.rule(),
                                        one.server(),
                                        postfix.apply(one),
                                        sealpost.apply(one)))
                .collect(joining("\n"));
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
