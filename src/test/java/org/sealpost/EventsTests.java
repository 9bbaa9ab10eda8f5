package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the connection log tells of real mail, as a list and as a stream. */
@RunningSealpost
class EventsTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final int http;
    private final Listeners listeners;
    private final JsonMapper json;
    private final HttpClient client = HttpClient.newHttpClient();
    private SmtpPeer peer;
    private long route;

    EventsTests(@Value("${local.server.port}") int http, Listeners listeners, JsonMapper json) {
        this.http = http;
        this.listeners = listeners;
        this.json = json;
    }

    @BeforeEach
    void startPeer() throws Exception {
        peer = new SmtpPeer().offersStarttls(TestCa.create().leaf("localhost").issue());
        route =
                json.readTree(
                                exchange(
                                                "POST",
                                                "/routes",
                                                "{\"pattern\":\"events.example\",\"nextHop\":\"%s\"}"
                                                        .formatted(peer.nextHop()))
                                        .body())
                        .get("id")
                        .asLong();
    }

    @AfterEach
    void stopPeer() throws Exception {
        exchange("DELETE", "/routes/" + route, null);
        peer.close();
        client.close();
    }

    @Test
    void aRelayedMessageIsToldInThreeRows() throws Exception {
        String id = send("b@events.example");

        List<JsonNode> rows = eventually("q=" + id, 3);

        JsonNode delivery = ofType(rows, "delivery");
        assertThat(delivery.get("direction").asString()).isEqualTo("outbound");
        assertThat(delivery.get("result").asString()).isEqualTo("delivered");
        assertThat(delivery.get("level").asString()).isEqualTo("may");
        assertThat(delivery.get("nextHop").asString()).isEqualTo(peer.nextHop());
        assertThat(delivery.at("/verdict/outcome").asString()).isEqualTo("deliver-encrypted");
        assertThat(delivery.get("text").asString())
                .matches(
                        id
                                + ": to=<b@events\\.example>, relay=localhost\\[127\\.0\\.0\\.1]:\\d+,"
                                + " delay=[\\d.]+, dsn=2\\.0\\.0, status=sent \\(250 2\\.0\\.0 taken\\)");
        assertThat(delivery.at("/details/tls").asString())
                .matches(
                        "Untrusted TLS connection established to localhost\\[127\\.0\\.0\\.1]:\\d+:"
                                + " TLSv1\\.3 with cipher TLS_AES_256_GCM_SHA384 \\(256/256 bits\\)");
        assertThat(delivery.get("peer").asString()).matches("127\\.0\\.0\\.1:\\d+");
        assertThat(delivery.get("host").asString()).isEqualTo("localhost");
        JsonNode queued = ofType(rows, "queued");
        assertThat(queued.get("text").asString())
                .matches(id + ": from=<a@sender\\.example>, size=\\d+, nrcpt=1 \\(queue active\\)");
        JsonNode session = ofType(rows, "session");
        assertThat(session.get("queueId").asString()).isEqualTo(id);
        assertThat(session.get("session")).isEqualTo(queued.get("session"));
        assertThat(session.get("listener").asString()).isEqualTo("smtp");
        assertThat(session.get("result").asString()).isEqualTo("accepted");
        assertThat(session.get("text").asString())
                .startsWith("disconnect from unknown[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=1");
    }

    @Test
    void aRefusedClientIsFoundByWhatItAskedFor() throws Exception {
        SmtpPeer.talk(port("submission"), "EHLO odd.example", "MAIL FROM:<x@odd.example>");

        List<JsonNode> rows =
                eventually("direction=inbound&listener=submission&host=ODD.example", 1);

        assertThat(rows.getFirst().get("result").asString()).isEqualTo("refused");
        assertThat(rows.getFirst().get("text").asString()).contains("mail=0/1");
        assertThat(rows.getFirst().at("/details/steps").toString())
                .contains("S: 530 5.7.0 Must issue a STARTTLS command first");
    }

    @Test
    void theListIsReadPageByPageAndNewestFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            send("page@events.example");
        }
        eventually("q=page@events.example&result=delivered", 3);

        var ids = new ArrayList<Long>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = list("q=page@events.example&result=delivered&size=1&cursor=" + cursor);
            assertThat(page.get("total").asLong()).isEqualTo(3);
            page.get("items").forEach(item -> ids.add(item.get("id").asLong()));
            cursor = page.get("nextCursor").isNull() ? null : page.get("nextCursor").asString();
        }

        assertThat(ids).hasSize(3).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?since=yesterday",
                "?until=2026-13-01T00:00:00Z",
                "?since=2026-01-01T00:00:00",
                "?direction=sideways",
                "?result=perhaps",
                "?level=strong",
                "?size=0",
                "?cursor=abc",
                "/stream?since=yesterday"
            })
    void anUnreadableFilterIsAProblem(String request) throws Exception {
        HttpResponse<String> response = exchange("GET", "/events" + request, null);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(json.readTree(response.body()).at("/remedy").asString()).isNotEmpty();
    }

    @Test
    void theTimeIsAskedForAsAnInstant() throws Exception {
        String id = send("b@events.example");
        JsonNode newest = eventually("q=" + id, 3).getFirst();
        String at = newest.get("at").asString();

        assertThat(list("q=" + id + "&since=" + at).get("items")).isNotEmpty();
        assertThat(list("q=" + id + "&until=2020-01-01T00:00:00%2B02:00").get("items")).isEmpty();
        assertThat(list("q=" + id + "&since=2099-01-01T00:00:00Z").get("items")).isEmpty();
    }

    @Test
    void aStreamGoesOnBehindTheLastEventItSaw() throws Exception {
        String first = send("b@events.example");
        JsonNode seen = eventually("q=" + first, 3).getLast();
        String second = send("b@events.example");
        eventually("q=" + second, 3);

        List<String> told = stream("result=delivered", seen.get("id").asString(), 2);

        assertThat(told.get(0)).contains(first);
        assertThat(told.get(1)).contains(second);
        assertThat(json.readTree(told.get(1)))
                .isEqualTo(list("q=" + second + "&result=delivered").at("/items/0"));
    }

    @Test
    void aStreamTellsWhatHappensFromNowOn() throws Exception {
        HttpRequest request = request("/events/stream?result=delivered").build();
        try (Stream<String> lines =
                client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            var read = lines.iterator();
            assertThat(read.next()).startsWith("retry:");

            String id = send("b@events.example");

            String line = read.next();
            while (!line.startsWith("data:")) {
                line = read.next();
            }
            assertThat(json.readTree(line.substring(5)).get("queueId").asString()).isEqualTo(id);
        }
    }

    @Test
    void nobodyLooksWithoutSigningIn() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri("/events/stream"))
                        .header("Accept", "text/event-stream")
                        .build();

        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
    }

    private List<String> stream(String query, String lastSeen, int wanted) throws Exception {
        HttpRequest request =
                request("/events/stream?" + query).header("Last-Event-ID", lastSeen).build();
        try (Stream<String> lines =
                client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            return lines.filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring(5))
                    .limit(wanted)
                    .toList();
        }
    }

    private List<JsonNode> eventually(String query, int count) {
        return await().atMost(SOON)
                .until(
                        () -> list(query).get("items").valueStream().toList(),
                        rows -> rows.size() == count);
    }

    private static JsonNode ofType(List<JsonNode> rows, String type) {
        return rows.stream()
                .filter(row -> row.get("type").asString().equals(type))
                .reduce((a, b) -> {
                    throw new AssertionError("more than one " + type);
                })
                .orElseThrow();
    }

    private JsonNode list(String query) throws Exception {
        HttpResponse<String> response = exchange("GET", "/events?" + query, null);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }

    private String send(String recipient) throws IOException {
        List<String> replies =
                SmtpPeer.talk(
                        port("smtp"),
                        "EHLO client.example",
                        "MAIL FROM:<a@sender.example>",
                        "RCPT TO:<" + recipient + ">",
                        "DATA",
                        "Subject: test\r\n\r\nhello\r\n.",
                        "QUIT");
        return replies.get(replies.size() - 2).substring("250 2.0.0 Ok: queued as ".length());
    }

    private int port(String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow()
                .boundPort();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http + "/api/v1" + path);
    }

    private HttpRequest.Builder request(String path) {
        String basic =
                Base64.getEncoder()
                        .encodeToString("admin:Correct-Horse-9".getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Basic " + basic);
    }

    private HttpResponse<String> exchange(String method, String path, @Nullable String body)
            throws Exception {
        return HttpCaller.administrator(http).json(method, "/api/v1" + path, body);
    }
}
