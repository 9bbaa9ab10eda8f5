package org.sealpost.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sealpost.settings.SealpostHome;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TlsDialogue;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

/** With everything told that can be told, no sink has a password, a key or a body. */
@RunningSealpost
@ExtendWith(OutputCaptureExtension.class)
class SecretScanTests {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String USER = "scanned";
    private static final String PASSWORD = "Velvet-Compass-83";
    private static final String WRONG = "Crooked-Ladder-17";
    private static final String LIKE_A_COMMAND = "QXZJVKWPYH";
    private static final String BODY = "a diagnosis nobody else may read";

    private final int http;
    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;
    private final SealpostHome home;

    SecretScanTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            JsonMapper json,
            SealpostHome home) {
        this.http = http;
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
        this.home = home;
    }

    @Test
    void noSinkHasASecret(CapturedOutput output) throws Exception {
        Queue<String> streamed = new ConcurrentLinkedQueue<>();
        var client = HttpClient.newHttpClient();
        try (var peer = new SmtpPeer()) {
            String route =
                    make(
                            "/api/v1/routes",
                            "{\"pattern\":\"scan.example\",\"nextHop\":\"%s\"}"
                                    .formatted(peer.nextHop()));
            String watchIn =
                    make(
                            "/api/v1/watches",
                            "{\"direction\":\"inbound\",\"peer\":\"127.0.0.1\",\"sessions\":3}");
            String watchOut =
                    make(
                            "/api/v1/watches",
                            "{\"direction\":\"outbound\",\"peer\":\"%s\",\"sessions\":1}"
                                    .formatted(peer.nextHop()));
            HttpResponse<String> account =
                    admin.json(
                            "POST",
                            "/api/v1/smtp-users",
                            "{\"username\":\"%s\",\"password\":\"%s\",\"senders\":[\"a@sender.example\"]}"
                                    .formatted(USER, PASSWORD));
            assertThat(account.statusCode()).as(account.body()).isEqualTo(201);
            follow(client, streamed);

            send(peer);
            await().atMost(SOON).until(() -> kept(watchIn) == 3 && kept(watchOut) == 1);
            await().atMost(SOON)
                    .until(() -> streamed.stream().anyMatch(line -> line.contains("status=sent")));

            Map<String, String> sinks = new LinkedHashMap<>();
            sinks.put("console", output.getAll());
            sinks.put("log file", Files.readString(home.resolve("log/mail.log")));
            sinks.put("stream", String.join("\n", streamed));
            sinks.put("events", admin.get("/api/v1/events?size=500").body());
            sinks.put("inbound trace", admin.get(watchIn + "/transcripts").body());
            sinks.put("outbound trace", admin.get(watchOut + "/transcripts").body());
            for (String one : List.of(watchIn, watchOut, route, "/api/v1/smtp-users/" + USER)) {
                admin.json("DELETE", one, null);
            }

            sinks.forEach(SecretScanTests::hasNoSecret);
            assertThat(sinks.get("inbound trace")).contains("C: AUTH [masked]", USER);
            assertThat(sinks.get("outbound trace")).contains("C: DATA");
            assertThat(sinks.get("log file")).contains("C: AUTH [masked]", "C: DATA");
        } finally {
            client.shutdownNow(); // closing it would wait for the stream to end
        }
    }

    private static void hasNoSecret(String sink, String content) {
        assertThat(content).as(sink).isNotEmpty();
        for (String secret : List.of(PASSWORD, WRONG, LIKE_A_COMMAND)) {
            for (String form :
                    List.of(
                            secret,
                            base64(secret),
                            base64("\0" + USER + "\0" + secret),
                            base64(USER + "\0" + secret))) {
                assertThat(content.contains(form)).as("%s has %s", sink, form).isFalse();
            }
        }
        assertThat(content.contains(BODY)).as("%s has a body", sink).isFalse();
        assertThat(content.contains("PRIVATE KEY")).as("%s has a key", sink).isFalse();
    }

    private void send(SmtpPeer peer) throws Exception {
        int port = port();
        try (var talk = TlsDialogue.starttls(port)) {
            assertThat(talk.authPlain(USER, PASSWORD)).startsWith("235");
            talk.say("MAIL FROM:<a@sender.example>");
            talk.say("RCPT TO:<b@scan.example>");
            talk.say("DATA");
            assertThat(talk.say("Subject: x\r\n\r\n" + BODY + "\r\n.")).startsWith("250");
            talk.say("QUIT");
        }
        try (var talk = TlsDialogue.starttls(port)) {
            assertThat(talk.authLogin(USER, WRONG)).startsWith("535");
            // Out of order: credentials where a command is expected.
            talk.say(base64("\0" + USER + "\0" + WRONG));
            talk.say(LIKE_A_COMMAND);
            talk.say("QUIT");
        }
        try (var talk = TlsDialogue.starttls(port)) {
            assertThat(talk.authPlain(USER, WRONG)).startsWith("535");
            talk.say("QUIT");
        }
        await().atMost(SOON).until(() -> peer.taken().size() == 1);
    }

    private void follow(HttpClient client, Queue<String> streamed) {
        String basic = base64("admin:Correct-Horse-9");
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + http + "/api/v1/events/stream"))
                        .header("Authorization", "Basic " + basic)
                        .build();
        var opened = new CountDownLatch(1);
        var _ =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                        .thenAccept(answer ->
                                answer.body()
                                        .forEach(line -> {
                                            opened.countDown();
                                            streamed.add(line);
                                        }));
        await().atMost(SOON).until(() -> opened.getCount() == 0);
    }

    private int kept(String watch) throws Exception {
        return json.readTree(admin.get(watch + "/transcripts").body()).get("total").asInt();
    }

    private String make(String path, String body) throws Exception {
        HttpResponse<String> answer = admin.json("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return path + "/" + json.readTree(answer.body()).get("id").asString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("submission"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
