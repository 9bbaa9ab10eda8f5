package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real messages on routes by sender, by LMTP, and from an address of choice. */
@RunningSealpost
class RouteWaysTests {

    private static final String ROUTES = "/api/v1/routes";
    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;
    private final List<Long> made = new ArrayList<>();

    RouteWaysTests(@Value("${local.server.port}") int http, Listeners listeners, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
    }

    @AfterEach
    void removeRoutes() throws Exception {
        for (long id : made) {
            admin.json("DELETE", ROUTES + "/" + id, null);
        }
    }

    @Test
    void theSendersRouteIsTakenAndIsNoSecondRouteForThePattern() throws Exception {
        try (var all = new SmtpPeer();
                var corp = new SmtpPeer()) {
            route("{\"pattern\":\"ways.example\",\"nextHop\":\"%s\"}", all.nextHop());
            String forCorp =
                    "{\"pattern\":\"ways.example\",\"sender\":\"@Corp.Example\",\"nextHop\":\"%s\"}";
            route(forCorp, corp.nextHop());

            send("a@corp.example", "b@ways.example");
            send("a@else.example", "c@ways.example");

            await().atMost(SOON).until(() -> all.taken().size() == 1 && corp.taken().size() == 1);
            assertThat(corp.taken().getFirst().commands())
                    .anyMatch(line -> line.startsWith("RCPT TO:<b@ways.example>"));
            HttpResponse<String> again =
                    admin.json("POST", ROUTES, forCorp.formatted(corp.nextHop()));
            assertThat(again.statusCode()).isEqualTo(409);
            assertThat(again.body()).contains("from corp.example");
            assertThat(admin.get(ROUTES).body()).contains("\"sender\":\"corp.example\"");
        }
    }

    @Test
    void byLmtpOnlyTheRecipientThatFailedIsTriedAgain() throws Exception {
        try (var peer = new SmtpPeer().speaksLmtp().answersFinalOf("full@", "452 4.2.2 full")) {
            route(
                    "{\"pattern\":\"ways.example\",\"protocol\":\"lmtp\",\"nextHop\":\"%s\","
                            + "\"sourceAddresses\":[\"127.0.0.1\"]}",
                    peer.nextHop());
            String id = send("a@corp.example", "good@ways.example", "full@ways.example");

            await().atMost(SOON).until(() -> state(id).equals("deferred"));

            JsonNode message = json.readTree(admin.get("/api/v1/queue/" + id).body());
            assertThat(message.at("/recipients/0/state").asString()).isEqualTo("delivered");
            assertThat(message.at("/recipients/1/lastReply").asString())
                    .isEqualTo("452 4.2.2 full");
            peer.answersFinalOf("full@", "250 2.1.5 kept");
            admin.json("POST", "/api/v1/queue/" + id + "/retry", null);
            await().atMost(SOON).until(() -> state(id).isEmpty());
            assertThat(peer.taken()).hasSize(2);
            assertThat(peer.taken().getLast().commands())
                    .noneMatch(line -> line.contains("good@"))
                    .anyMatch(line -> line.contains("full@"));
        }
    }

    @Test
    void mailThatWouldComeBackWaitsUntilTheRouteIsMended() throws Exception {
        int own = listeners.list().getFirst().boundPort();
        try (var peer = new SmtpPeer()) {
            long id =
                    route(
                            "{\"pattern\":\"ways.example\",\"nextHop\":\"%s\"}",
                            "[localhost]:" + own);
            String queued = send("a@corp.example", "b@ways.example");
            await().atMost(SOON).until(() -> state(queued).equals("deferred"));
            assertThat(admin.get("/api/v1/queue/" + queued).body())
                    .contains("4.4.6 mail for [localhost]:" + own + " loops back to myself");

            admin.json(
                    "PUT",
                    ROUTES + "/" + id,
                    "{\"pattern\":\"ways.example\",\"nextHop\":\"" + peer.nextHop() + "\"}");
            admin.json("POST", "/api/v1/queue/" + queued + "/retry", null);

            await().atMost(SOON).until(() -> peer.taken().size() == 1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sender          | \"nextHop\":\"[a.example]\",\"sender\":\"a b@c\"",
                "protocol        | \"nextHop\":\"[a.example]\",\"protocol\":\"uucp\"",
                "nextHop         | \"nextHop\":\"[a.example]\",\"protocol\":\"lmtp\"",
                "nextHop         | \"nextHop\":\"a.example:24\",\"protocol\":\"lmtp\"",
                "auth            | \"nextHop\":\"[a.example]\",\"username\":\"u\",\"auth\":\"scram\"",
                "username        | \"nextHop\":\"[a.example]\",\"auth\":\"login\"",
                "sourceAddresses | \"nextHop\":\"[a.example]\",\"sourceAddresses\":[\"0.0.0.0\"]",
                "sourceAddresses | \"nextHop\":\"[a.example]\",\"sourceAddresses\":[\"192.0.2.9\"]",
                "sourceAddresses | \"nextHop\":\"[a.example]\",\"sourceAddresses\":[\"mx.example\"]",
                "sourceAddresses | \"nextHop\":\"[a.example]\",\"sourceAddresses\":[\"127.0.0.1\",\"127.0.0.2\"]"
            })
    void aRouteThatCannotWorkIsRefusedAtItsField(String field, String fields) throws Exception {
        HttpResponse<String> refused =
                admin.json("POST", ROUTES, "{\"pattern\":\"ways.example\"," + fields + "}");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(json.readTree(refused.body()).at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void theUsualSourceAddressIsCheckedLikeARoutes() throws Exception {
        String settings =
                "{\"sessionsPerDestination\":20,\"messagesPerMinute\":0,"
                        + "\"sourceAddresses\":[\"192.0.2.9\"],\"addressDelay\":\"PT0.001S\"}";

        HttpResponse<String> refused = admin.json("PUT", "/api/v1/settings/delivery", settings);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("192.0.2.9 is not an address of this machine", "addressDelay");
    }

    private long route(String body, String nextHop) throws Exception {
        HttpResponse<String> answer = admin.json("POST", ROUTES, body.formatted(nextHop));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        long id = json.readTree(answer.body()).path("id").asLong();
        made.add(id);
        return id;
    }

    private String send(String sender, String... recipients) throws Exception {
        var lines = new ArrayList<>(List.of("EHLO client", "MAIL FROM:<" + sender + ">"));
        for (String recipient : recipients) {
            lines.add("RCPT TO:<" + recipient + ">");
        }
        lines.addAll(List.of("DATA", "Subject: ways\r\n\r\nhello\r\n."));
        int port = listeners.list().getFirst().boundPort();
        String queued = SmtpPeer.talk(port, lines.toArray(String[]::new)).getLast();
        return queued.substring(queued.lastIndexOf(' ') + 1);
    }

    private String state(String id) throws Exception {
        HttpResponse<String> message = admin.get("/api/v1/queue/" + id);
        return json.readTree(message.body()).path("state").asString();
    }
}
