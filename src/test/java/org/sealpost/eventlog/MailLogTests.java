package org.sealpost.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.settings.SealpostHome;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/**
 * The log file tells real mail in Postfix's lines, so that a program for Postfix's log reads it.
 */
@RunningSealpost
class MailLogTests {

    private static final Path PFLOGSUMM = Path.of("/usr/sbin/pflogsumm");
    private static final String PREFIX = "\\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\S+ sealpost/";
    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;
    private final Path file;
    private final List<String> routes = new ArrayList<>();
    private SmtpPeer peer;
    private int before;

    MailLogTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            SealpostHome home,
            JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
        this.file = home.resolve("log/mail.log");
    }

    @BeforeEach
    void startPeer() throws Exception {
        peer = new SmtpPeer().offersStarttls(TestCa.selfSigned("localhost"));
        peer.answersRcptOf("nobody", "550 5.1.1 no such user");
        peer.answersRcptOf("full", "452 4.2.2 mailbox full");
        String created =
                admin.json(
                                "POST",
                                "/api/v1/routes",
                                "{\"pattern\":\"log.example\",\"nextHop\":\"%s\"}"
                                        .formatted(peer.nextHop()))
                        .body();
        routes.add(json.readTree(created).get("id").asString());
        before = Files.readAllLines(file).size();
    }

    @AfterEach
    void stopPeer() throws Exception {
        for (String route : routes) {
            admin.json("DELETE", "/api/v1/routes/" + route, null);
        }
        peer.close();
    }

    @Test
    void aMessageIsToldFromConnectToRemoved() throws Exception {
        String id = send("Message-ID: <m1@sender.example>\r\nSubject: x", "some@log.example");

        List<String> lines = until(id + ": removed");

        assertThat(lines).allMatch(line -> line.matches(PREFIX + ".*") || !line.contains("smtp"));
        assertThat(programs(lines, id))
                .containsExactly(
                        "smtpd: ID: client=unknown[127.0.0.1]",
                        "cleanup: ID: message-id=<m1@sender.example>",
                        "qmgr: ID: from=<a@sender.example>, size=N, nrcpt=1 (queue active)",
                        "smtp: ID: to=<some@log.example>, relay=localhost[127.0.0.1]:N, delay=N,"
                                + " dsn=2.0.0, status=sent (250 2.0.0 taken)",
                        "qmgr: ID: removed");
        assertThat(lines)
                .anyMatch(line -> line.endsWith("]: connect from unknown[127.0.0.1]"))
                .anyMatch(line ->
                        line.contains("sealpost/smtp[")
                                && line.contains(
                                        "]: Untrusted TLS connection established to localhost"
                                                + "[127.0.0.1]:"
                                                + peer.port()
                                                + ": TLSv1.3 with cipher "));
        until("disconnect from unknown[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
    }

    @Test
    void pflogsummCountsWhatWeCount(@TempDir Path folder) throws Exception {
        assumeTrue(
                Files.isExecutable(PFLOGSUMM), "pflogsumm is not installed: apt install pflogsumm");
        var ids = new ArrayList<String>();
        ids.add(send("Subject: 1", "one@log.example"));
        ids.add(send("Subject: 2", "two@log.example", "three@log.example"));
        ids.add(send("Subject: 3", "nobody@log.example"));
        ids.add(send("Subject: 4", "full@log.example"));
        SmtpPeer.talk(
                port(), "EHLO c.example", "MAIL FROM:<a@sender.example>", "RCPT TO:<no>", "QUIT");
        String stuck = ids.getLast();
        until(ids.get(0) + ": removed");
        until(ids.get(1) + ": removed");
        until(ids.get(2) + ": removed");
        until(stuck + ": to=<full@log.example>");
        admin.json("POST", "/api/v1/queue/" + stuck + "/hold", "{}");
        until("NOQUEUE: reject: RCPT from unknown[127.0.0.1]: 501");

        List<String> ours =
                told().stream()
                        .filter(line ->
                                ids.stream().anyMatch(line::contains)
                                        || line.contains(": reject: RCPT from "))
                        .toList();
        long deferrals = ours.stream().filter(line -> line.contains("status=deferred")).count();
        Path log = Files.write(folder.resolve("mail.log"), ours);
        String report = run(PFLOGSUMM.toString(), "--syslog-name=sealpost", log.toString());

        assertThat(total(report, "received")).as(report).isEqualTo(4);
        assertThat(total(report, "delivered")).as(report).isEqualTo(3);
        assertThat(total(report, "deferred")).as(report).isEqualTo(1);
        assertThat(total(report, "bounced")).as(report).isEqualTo(1);
        assertThat(total(report, "rejected")).as(report).isEqualTo(1);
        assertThat(report).contains("(" + deferrals + "  deferrals)").contains("log.example");
        for (String result : List.of("delivered:2", "bounced:1", "deferred:1")) {
            String[] wanted = result.split(":");
            assertThat(messages(ids, wanted[0])).as(result).hasSize(Integer.parseInt(wanted[1]));
        }
        admin.json("DELETE", "/api/v1/queue/" + stuck, null);
    }

    @Test
    void theFileIsJsonWhereThatIsWanted(@TempDir Path folder) throws Exception {
        var wanted =
                new LogProperties(
                        LogProperties.Format.ECS,
                        DataSize.ofMegabytes(1),
                        1,
                        DataSize.ofMegabytes(2));
        try (var other = SealpostHome.open(folder);
                var _ = new LogFile(wanted, other)) {
            String id = send("Subject: x", "json@log.example");

            Path written = folder.resolve("log/mail.log");
            String line =
                    await()
                            .atMost(SOON)
                            .until(
                                    () -> Files.readAllLines(written),
                                    lines ->
                                            lines.stream()
                                                    .anyMatch(one -> one.contains("status=sent")))
                            .stream()
                            .filter(one -> one.contains("status=sent"))
                            .findFirst()
                            .orElseThrow();
            assertThat(json.readTree(line).get("queueId").asString()).isEqualTo(id);
            assertThat(json.readTree(line).get("message").asString())
                    .startsWith(id + ": to=<json@log.example>, relay=");
            assertThat(json.readTree(line).at("/log/logger").asString())
                    .isEqualTo("org.sealpost.log.smtp");
        }
    }

    /** Which of the messages the connection log says this of. */
    private List<String> messages(List<String> ids, String result) {
        return ids.stream()
                .filter(id -> {
                    try {
                        return !json.readTree(
                                        admin.get("/api/v1/events?q=" + id + "&result=" + result)
                                                .body())
                                .get("items")
                                .isEmpty();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private static long total(String report, String what) {
        return Pattern.compile("(?m)^ *(\\d+) {3}" + what)
                .matcher(report)
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + what + " in " + report));
    }

    private static List<String> programs(List<String> lines, String id) {
        var line = Pattern.compile(" sealpost/(\\S+)\\[\\d+]: (" + id + ": .*)");
        return lines.stream()
                .flatMap(text -> line.matcher(text).results())
                .map((MatchResult found) -> found.group(1) + ": " + found.group(2))
                .map(text ->
                        text.replace(id, "ID")
                                .replaceAll("size=\\d+", "size=N")
                                .replaceAll("delay=[0-9.]+", "delay=N")
                                .replaceAll("]:\\d+", "]:N"))
                .toList();
    }

    private List<String> until(String text) {
        return await().atMost(SOON)
                .until(this::told, lines -> lines.stream().anyMatch(line -> line.contains(text)));
    }

    private List<String> told() throws Exception {
        List<String> all = Files.readAllLines(file);
        return all.subList(before, all.size());
    }

    private String send(String header, String... recipients) throws Exception {
        var commands = new ArrayList<String>();
        commands.add("EHLO client.example");
        commands.add("MAIL FROM:<a@sender.example>");
        for (String recipient : recipients) {
            commands.add("RCPT TO:<" + recipient + ">");
        }
        commands.add("DATA");
        commands.add(header + "\r\n\r\nhello\r\n.");
        commands.add("QUIT");
        List<String> replies = SmtpPeer.talk(port(), commands.toArray(String[]::new));
        return replies.get(replies.size() - 2).substring("250 2.0.0 Ok: queued as ".length());
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
