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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A message goes all the way through the real Sealpost to a real server, under each level. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "sealpost.bootstrap.admin-password=Correct-Horse-9",
            "sealpost.bootstrap.hostname=relay.example.test",
            "sealpost.bootstrap.bind-address=127.0.0.1",
            "sealpost.bootstrap.first-retry=1s",
            "sealpost.node.smtp-port=0",
            "sealpost.node.smtps-port=0",
            "sealpost.node.submission-port=0"
        })
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RelayTests {

    private final int http;
    private final Listeners listeners;
    private final JsonMapper json;
    private final JdbcTemplate jdbc;
    private final TestCa ca = TestCa.create();
    private SmtpPeer peer;

    RelayTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            JsonMapper json,
            JdbcTemplate jdbc) {
        this.http = http;
        this.jdbc = jdbc;
        this.listeners = listeners;
        this.json = json;
    }

    @BeforeEach
    void startPeer() throws IOException {
        peer = new SmtpPeer();
    }

    @AfterEach
    void stopPeer() throws Exception {
        for (JsonNode route : call("GET", "/routes", null).get("items")) {
            call("DELETE", "/routes/" + route.get("id").asLong(), null);
        }
        // A later test's server may get the same port.
        for (JsonNode rule : call("GET", "/policies?size=500", null).get("items")) {
            if (rule.get("nextHop").asString().equals(peer.nextHop())) {
                call("DELETE", "/policies/" + rule.get("id").asLong(), null);
            }
        }
        peer.close();
    }

    @Test
    void levelMayDeliversInClearToAServerWithoutStarttls() throws Exception {
        route("clear.example");

        send("clear.example");

        assertThat(theOneTaken().encrypted()).isFalse();
        assertThat(theOneTaken().text())
                .startsWith("Received: from client.example (unknown [127.0.0.1])")
                .endsWith("\r\nfirst\r\n.second starts with a dot\r\n");
    }

    @Test
    void levelEncryptWaitsWithPostfixsWordsWhenStarttlsIsMissing() throws Exception {
        route("wait.example");
        rule("encrypt", "{}");

        JsonNode queued = deferred(send("wait.example"));

        assertThat(queued.at("/lastVerdict/code").asString()).isEqualTo("4.7.4");
        assertThat(queued.at("/lastVerdict/outcome").asString()).isEqualTo("defer");
        assertThat(queued.at("/recipients/0/lastReply").asString())
                .isEqualTo(
                        "4.7.4 TLS is required, but was not offered by host"
                                + " localhost[127.0.0.1]");
        assertThat(peer.taken()).isEmpty();
    }

    @Test
    void aDeferredMessageIsDeliveredOnceTheRuleAllowsIt() throws Exception {
        route("later.example");
        long rule = rule("encrypt", "{}");
        deferred(send("later.example"));

        call("DELETE", "/policies/" + rule, null);

        assertThat(theOneTaken().encrypted()).isFalse();
    }

    @Test
    void levelSecureDeliversOnlyToTheNameItTrusts() throws Exception {
        peer.offersStarttls(ca.leaf("localhost").issue());
        long anchor = upload("anchor", ca.pem());
        route("secure.example");
        rule("secure", "{\"tafile\":[\"" + anchor + "\"],\"match\":[\"nexthop\"]}");

        send("secure.example");

        assertThat(theOneTaken().encrypted()).isTrue();
    }

    @Test
    void levelSecureRefusesAnotherPartnersAuthority() throws Exception {
        peer.offersStarttls(TestCa.create("Partner B").leaf("localhost").issue());
        long anchor = upload("anchor", ca.pem());
        route("other.example");
        rule("secure", "{\"tafile\":[\"" + anchor + "\"],\"match\":[\"nexthop\"]}");

        JsonNode queued = deferred(send("other.example"));

        assertThat(queued.at("/lastVerdict/code").asString()).isEqualTo("4.7.5");
        assertThat(queued.at("/recipients/0/lastReply").asString())
                .isEqualTo("4.7.5 Server certificate not verified");
        assertThat(queued.at("/lastVerdict/status").asString()).isEqualTo("Untrusted");
        assertThat(peer.taken()).isEmpty();
    }

    @Test
    void aRecipientRefusedForGoodIsReturnedToTheSender() throws Exception {
        peer.answers(PeerStep.RCPT, "550 5.1.1 nobody of that name");
        route("bounce.example");
        var senders = new SmtpPeer();
        createRoute("sender.example", senders.nextHop());

        send("bounce.example");

        // Mail that other tests left waiting may bounce to the same sender meanwhile.
        var bounce =
                await().atMost(Duration.ofSeconds(10))
                        .until(
                                () ->
                                        senders.taken().stream()
                                                .filter(one ->
                                                        one.text().contains("bounce.example"))
                                                .findFirst(),
                                Optional::isPresent)
                        .orElseThrow();
        assertThat(bounce.commands()).anyMatch(line -> line.startsWith("MAIL FROM:<>"));
        assertThat(bounce.text())
                .contains("Action: failed", "Status: 5.1.1", "550 5.1.1 nobody of that name");
        senders.close();
    }

    @Test
    void whoGotTheMessageNeverGetsItAgainThoughTheDatabaseLostThat() throws Exception {
        peer.answersRcptOf("c@", "450 4.2.0 later");
        route("partial.example");
        String id = sendTo("b@partial.example", "c@partial.example");
        deferred(id);

        // What a kill right after the attempt does: the last rows are gone, the forced file is not.
        jdbc.update("update queue_recipient set state = 'queued' where message_id = ?", id);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> call("GET", "/queue/" + id, null).at("/attempts").size() > 2);
        peer.answersRcptOf("c@", null);

        await().atMost(Duration.ofSeconds(15)).until(() -> peer.taken().size() > 1);
        assertThat(peer.taken().getLast().commands())
                .contains("RCPT TO:<c@partial.example>")
                .doesNotContain("RCPT TO:<b@partial.example>");
        assertThat(peer.taken()).hasSize(2);
    }

    @Test
    void nobodyRelaysFromOutsideAndNothingRunsBeforeTls() throws Exception {
        assertThat(
                        SmtpPeer.talk(
                                port("submission"),
                                "EHLO client.example",
                                "MAIL FROM:<a@sender.example>",
                                "AUTH PLAIN AGEAYg==",
                                "DATAGARBAGE"))
                .satisfiesExactly(
                        greeting -> assertThat(greeting).startsWith("220 relay.example.test"),
                        ehlo -> assertThat(ehlo).startsWith("250-"),
                        mail ->
                                assertThat(mail)
                                        .isEqualTo("530 5.7.0 Must issue a STARTTLS command first"),
                        auth -> assertThat(auth).startsWith("538 5.7.11"),
                        garbage -> assertThat(garbage).startsWith("500 5.5.2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"nextHop\":\"x.example\",\"level\":\"secure\",\"attributes\":{\"protocol\":\">=TLSv1.3\"}} | 422",
                "{\"nextHop\":\"x.example\",\"level\":\"may\",\"attributes\":{\"protocols\":\">=TLSv9\"}}     | 422",
                "{\"nextHop\":\"x.example\",\"level\":\"fingerprint\"}                                      | 422",
                "{\"nextHop\":\"x.example\",\"level\":\"verify\",\"attributes\":{\"tafile\":[\"999\"]}}        | 422",
                "{\"nextHop\":\"[x\",\"level\":\"may\"}                                                     | 422",
                "{\"nextHop\":                                                                            | 400"
            })
    void aRuleThatCannotBeHonouredIsRefused(String body, int status) throws Exception {
        HttpResponse<String> response = exchange("POST", "/policies", body, "application/json");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(json.readTree(response.body()).at("/remedy").asString()).isNotEmpty();
    }

    @Test
    void aValueThatIsTooLongIsAProblemAndNotAFailure() throws Exception {
        String note = "protocols\":\"" + ">=TLSv1.2:".repeat(3000);

        assertThat(
                        exchange(
                                        "POST",
                                        "/policies",
                                        "{\"nextHop\":\"long.example\",\"level\":\"may\",\"attributes\":{\""
                                                + note
                                                + "\"}}",
                                        "application/json")
                                .statusCode())
                .isEqualTo(422);
    }

    @Test
    void everyChangeIsAudited() throws Exception {
        long rule = rule("encrypt", "{}");

        JsonNode latest = call("GET", "/audit?size=1", null).at("/items/0");

        assertThat(latest.get("action").asString()).isEqualTo("policy.created");
        assertThat(latest.get("actor").asString()).isEqualTo("admin");
        assertThat(latest.at("/after/id").asLong()).isEqualTo(rule);
    }

    private SmtpPeer.Taken theOneTaken() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !peer.taken().isEmpty());
        return peer.taken().getFirst();
    }

    private JsonNode deferred(String queueId) {
        return await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> call("GET", "/queue/" + queueId, null),
                        message -> message.at("/state").asString().equals("deferred"));
    }

    private String send(String domain) throws IOException {
        return sendTo("b@" + domain);
    }

    private String sendTo(String... recipients) throws IOException {
        var commands =
                new ArrayList<>(List.of("EHLO client.example", "MAIL FROM:<a@sender.example>"));
        for (String recipient : recipients) {
            commands.add("RCPT TO:<" + recipient + ">");
        }
        commands.add("DATA");
        commands.add("Subject: test\r\n\r\nfirst\r\n..second starts with a dot\r\n.");
        List<String> replies = SmtpPeer.talk(port("smtp"), commands.toArray(String[]::new));
        assertThat(replies.getLast()).startsWith("250 2.0.0 Ok: queued as ");
        return replies.getLast().substring("250 2.0.0 Ok: queued as ".length());
    }

    private int port(String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow()
                .boundPort();
    }

    private void route(String domain) throws Exception {
        createRoute(domain, peer.nextHop());
    }

    private void createRoute(String domain, String nextHop) throws Exception {
        call(
                "POST",
                "/routes",
                "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}".formatted(domain, nextHop));
    }

    private long rule(String level, String attributes) throws Exception {
        return call(
                        "POST",
                        "/policies",
                        "{\"nextHop\":\"%s\",\"level\":\"%s\",\"attributes\":%s}"
                                .formatted(peer.nextHop(), level, attributes))
                .get("id")
                .asLong();
    }

    private long upload(String purpose, String pem) throws Exception {
        String body =
                "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                        + purpose
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"ca.pem\"\r\n\r\n"
                        + pem
                        + "\r\n--b--\r\n";
        return request("POST", "/certificates", body, "multipart/form-data; boundary=b")
                .get("id")
                .asLong();
    }

    private JsonNode call(String method, String path, @Nullable String body) throws Exception {
        return request(method, path, body, "application/json");
    }

    private JsonNode request(String method, String path, @Nullable String body, String contentType)
            throws Exception {
        HttpResponse<String> response = exchange(method, path, body, contentType);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response.body().isEmpty() ? json.nullNode() : json.readTree(response.body());
    }

    private HttpResponse<String> exchange(
            String method, String path, @Nullable String body, String contentType)
            throws Exception {
        var publisher =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body);
        String basic =
                Base64.getEncoder()
                        .encodeToString("admin:Correct-Horse-9".getBytes(StandardCharsets.UTF_8));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/api/v1" + path))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", contentType)
                        .method(method, publisher)
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
