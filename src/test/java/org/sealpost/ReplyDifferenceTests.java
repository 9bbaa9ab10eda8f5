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
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.MailLog;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.PrivatePostfix;
import org.sealpost.testing.RealPostfix;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A real Postfix and Sealpost make the same of every reply, cut and slowness of a server. */
@RunningSealpost
@ExtendWith(OutputCaptureExtension.class)
class ReplyDifferenceTests {

    private static final Path CASES = Path.of("src/test/resources/delivery/postfix-replies.txt");
    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ALL = ".replies.example";

    private final HttpCaller admin;
    private final Configurer sealpost;
    private final Listeners listeners;
    private final QueuedMessages queue;

    ReplyDifferenceTests(
            @Value("${local.server.port}") int http, Listeners listeners, QueuedMessages queue) {
        this.admin = HttpCaller.administrator(http);
        this.sealpost = new Configurer(http);
        this.listeners = listeners;
        this.queue = queue;
    }

    /** A line of the table, with its server running. */
    private record Case(
            String step,
            String behaviour,
            String postfix,
            String sealpost,
            String domain,
            SmtpPeer peer) {

        static Case of(int number, String line) throws IOException {
            String[] cells = line.split("\\s+\\|\\s+", -1);
            assertThat(cells[4].equals("-"))
                    .as("a reason: " + line)
                    .isEqualTo(cells[3].equals("="));
            var step = PeerStep.valueOf(cells[0]);
            var peer = new SmtpPeer();
            switch (cells[1]) {
                case "cut" -> peer.drops(step);
                case "slow" -> peer.drips(step);
                default -> peer.answers(step, cells[1]);
            }
            return new Case(
                    cells[0],
                    cells[1],
                    cells[2],
                    cells[3].equals("=") ? cells[2] : cells[3],
                    "c" + number + ALL,
                    peer);
        }

        String row(String postfix, String sealpost) {
            return String.join(" | ", step, behaviour, postfix, sealpost);
        }
    }

    @Test
    void bothMakeTheSameOfIt(CapturedOutput output) throws Exception {
        RealPostfix.requiredToRun();
        List<Case> cases = cases();
        try (var postfix = new PrivatePostfix()) {
            String transport =
                    cases.stream()
                            .map(one -> one.domain() + " smtp:" + one.peer().nextHop() + "\n")
                            .collect(joining());
            postfix.set("smtp_tls_security_level", "none")
                    .set("transport_maps", "texthash:" + postfix.file("transport", transport))
                    .start();
            for (Case one : cases) {
                sealpost.route(one.domain(), one.peer().nextHop());
            }
            send(postfix.port(), "postfix", cases);
            send(port(), "sealpost", cases);

            String wanted =
                    cases.stream()
                            .map(one -> one.row(one.postfix(), one.sealpost()))
                            .collect(joining("\n"));
            try {
                await().atMost(SOON)
                        .until(() -> table(cases, postfix.lines(), output).equals(wanted));
            } catch (ConditionTimeoutException differs) {
                // told below, line by line
            }

            assertThat(table(cases, postfix.lines(), output)).isEqualTo(wanted);
        } finally {
            forget();
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
        assertThat(cases).hasSizeGreaterThanOrEqualTo(FULL ? 60 : 14);
        return cases;
    }

    private static void send(int port, String who, List<Case> cases) throws IOException {
        try (var client = new SmtpClient(port)) {
            for (Case one : cases) {
                assertThat(client.send("", who + "@" + one.domain(), "Subject: x\r\n\r\nx\r\n"))
                        .isTrue();
            }
        }
    }

    private static String table(List<Case> cases, List<String> postfix, CapturedOutput output) {
        Map<String, String> by = results("postfix", cases, postfix);
        by.putAll(results("sealpost", cases, output.getAll().lines().toList()));
        return cases.stream()
                .map(one ->
                        one.row(
                                by.getOrDefault("postfix@" + one.domain(), "nothing yet"),
                                by.getOrDefault("sealpost@" + one.domain(), "nothing yet")))
                .collect(joining("\n"));
    }

    private static Map<String, String> results(String who, List<Case> cases, List<String> lines) {
        var ports = new HashMap<String, Integer>();
        cases.forEach(one -> ports.put(who + "@" + one.domain(), one.peer().port()));
        var results = new HashMap<String, String>();
        new MailLog(lines)
                .courses(ports)
                .forEach((recipient, course) -> results.put(recipient, String.join(", ", course)));
        return results;
    }

    /** What waits must not go on in the background of other tests. */
    private void forget() {
        await().atMost(SOON)
                .until(() -> {
                    admin.json(
                            "POST",
                            "/api/v1/queue/actions",
                            "{\"action\":\"delete\",\"filter\":{\"q\":\"" + ALL + "\"}}");
                    return queue.count(new QueueFilter(ALL, null, null)) == 0;
                });
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
