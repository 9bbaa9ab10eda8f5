package org.sealpost.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.settings.SealpostHome;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One peer's sessions are told in more detail, the next ones are kept whole, and it ends. */
@RunningSealpost
class WatchesTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String HELD_BY_NOBODY_ELSE = "watched.example";

    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;
    private final Path file;
    private final List<String> made = new ArrayList<>();
    private SmtpPeer peer;

    WatchesTests(
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
        peer = new SmtpPeer();
        make(
                "/api/v1/routes",
                "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}"
                        .formatted(HELD_BY_NOBODY_ELSE, peer.nextHop()));
    }

    @AfterEach
    void clear() throws Exception {
        for (String one : made) {
            admin.json("DELETE", one, null);
        }
        peer.close();
    }

    @Test
    void theNextSessionsToAServerAreKeptWholeAndNoMore() throws Exception {
        send("before");
        String watch =
                make(
                        "/api/v1/watches",
                        "{\"direction\":\"outbound\",\"peer\":\"%s\",\"sessions\":2}"
                                .formatted(peer.nextHop()));
        String first = send("first");
        await().atMost(SOON).until(() -> kept(watch).size() == 1);
        assertThat(get(watch).get("active").asBoolean()).isTrue();
        send("second");
        await().atMost(SOON).until(() -> !get(watch).get("active").asBoolean());
        String third = send("third");

        List<JsonNode> kept = kept(watch);
        assertThat(kept).hasSize(2);
        assertThat(kept.getFirst().get("queueId").asString()).isEqualTo(first);
        assertThat(kept.getFirst().get("steps").toString())
                .contains("C: MAIL FROM:<a@sender.example>", "S: 250 2.0.0 taken", "C: DATA")
                .doesNotContain("the body of first");
        List<String> log = Files.readAllLines(file);
        assertThat(log)
                .anyMatch(
                        line -> line.contains("]: " + first + ": C: MAIL FROM:<a@sender.example>"))
                .noneMatch(line -> line.contains(third + ": C: "));
    }

    @Test
    void aClientsSessionsAreToldInDetailUntilTheWatchEnds() throws Exception {
        String watch =
                make(
                        "/api/v1/watches",
                        "{\"direction\":\"inbound\",\"peer\":\"127.0.0.1\",\"level\":4,\"sessions\":1}");
        SmtpPeer.talk(port(), "EHLO one.watched.example", "QUIT");

        await().atMost(SOON).until(() -> kept(watch).size() == 1);
        assertThat(kept(watch).getFirst().get("steps").toString())
                .contains("connect from unknown[127.0.0.1]", "C: EHLO one.watched.example");
        await().atMost(SOON)
                .until(
                        () -> Files.readAllLines(file),
                        lines ->
                                lines.stream()
                                        .anyMatch(one ->
                                                one.contains("C: EHLO one.watched.example")));
        String other =
                make("/api/v1/watches", "{\"direction\":\"inbound\",\"peer\":\"127.0.0.0/8\"}");
        assertThat(admin.json("POST", other + "/end", "{}").statusCode()).isEqualTo(200);
        SmtpPeer.talk(port(), "EHLO two.watched.example", "QUIT");
        await().atMost(SOON)
                .until(
                        () ->
                                json.readTree(
                                                admin.get("/api/v1/events?host=two.watched.example")
                                                        .body())
                                        .get("items"),
                        found -> !found.isEmpty());
        assertThat(Files.readAllLines(file))
                .noneMatch(line -> line.contains("EHLO two.watched.example"));
        assertThat(get(other).get("active").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "direction | {'direction':'both','peer':'192.0.2.1'}",
                "peer      | {'direction':'inbound','peer':'client.example'}",
                "peer      | {'direction':'outbound','peer':'two words'}",
                "level     | {'direction':'outbound','peer':'a.example','level':5}",
                "sessions  | {'direction':'outbound','peer':'a.example','sessions':101}",
                "until     | {'direction':'outbound','peer':'a.example','until':'2020-01-01T00:00:00Z'}"
            })
    void whatCannotBeWatchedIsRefusedWithTheCure(String field, String body) throws Exception {
        HttpResponse<String> answer =
                admin.json("POST", "/api/v1/watches", body.replace('\'', '"'));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(json.readTree(answer.body()).at("/errors/0/field").asString()).isEqualTo(field);
    }

    private JsonNode get(String watch) throws Exception {
        return json.readTree(admin.get(watch).body());
    }

    private List<JsonNode> kept(String watch) throws Exception {
        return json.readTree(admin.get(watch + "/transcripts").body())
                .get("items")
                .valueStream()
                .toList();
    }

    private String make(String path, String body) throws Exception {
        HttpResponse<String> answer = admin.json("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        String place = path + "/" + json.readTree(answer.body()).get("id").asString();
        made.add(place);
        return place;
    }

    private String send(String text) throws Exception {
        int before = peer.taken().size();
        List<String> replies =
                SmtpPeer.talk(
                        port(),
                        "EHLO client.example",
                        "MAIL FROM:<a@sender.example>",
                        "RCPT TO:<b@" + HELD_BY_NOBODY_ELSE + ">",
                        "DATA",
                        "Subject: x\r\n\r\nthe body of " + text + "\r\n.",
                        "QUIT");
        await().atMost(SOON).until(() -> peer.taken().size() > before);
        return replies.get(replies.size() - 2).substring("250 2.0.0 Ok: queued as ".length());
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
