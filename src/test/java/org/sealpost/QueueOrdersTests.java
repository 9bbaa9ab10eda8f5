package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

/** Orders over REST about real messages that wait for a server that asks to come again. */
@RunningSealpost
class QueueOrdersTests {

    private static final String QUEUE = "/api/v1/queue";
    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;
    private SmtpPeer peer;

    QueueOrdersTests(
            @Value("${local.server.port}") int http, Listeners listeners, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
    }

    @BeforeEach
    void startPeer() throws Exception {
        peer = new SmtpPeer().answersRcptOf("orders.example", "451 4.2.1 come again");
        for (String pattern : new String[] {"orders.example", "sender.example"}) {
            HttpResponse<String> route =
                    admin.json(
                            "POST",
                            "/api/v1/routes",
                            "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}"
                                    .formatted(pattern, peer.nextHop()));
            assertThat(route.statusCode()).isEqualTo(201);
        }
    }

    @AfterEach
    void stopPeer() throws Exception {
        await().atMost(SOON)
                .until(() -> {
                    many("delete", "{\"q\":\"orders.example\"}");
                    return page("q=orders.example").path("total").asInt() == 0;
                });
        for (JsonNode route : json.readTree(admin.get("/api/v1/routes").body()).path("items")) {
            if (route.path("nextHop").asString().equals(peer.nextHop())) {
                admin.json("DELETE", "/api/v1/routes/" + route.path("id").asLong(), null);
            }
        }
        peer.close();
    }

    @Test
    void aMessageIsHeldReleasedTriedAndDeleted() throws Exception {
        String id = deferred("<a@sender.example>", "b@orders.example");

        assertThat(order(id, "hold")).isEqualTo(204);
        assertThat(state(id)).isEqualTo("held");
        assertThat(order(id, "retry")).isEqualTo(409);
        assertThat(order(id, "release")).isEqualTo(204);
        assertThat(order(id, "release")).isEqualTo(409);
        await().atMost(SOON).until(() -> state(id).equals("deferred"));
        await().atMost(SOON).until(() -> order(id, "hold") == 204);

        assertThat(admin.json("DELETE", QUEUE + "/" + id, null).statusCode()).isEqualTo(204);
        assertThat(admin.get(QUEUE + "/" + id).statusCode()).isEqualTo(404);
        assertThat(admin.json("DELETE", QUEUE + "/" + id, null).statusCode()).isEqualTo(404);
        assertThat(peer.taken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"deferred", "held"})
    void aBouncedMessageIsGoneAndItsSenderIsTold(String state) throws Exception {
        String id = deferred("<a@sender.example>", "b@orders.example");
        await().atMost(SOON).until(() -> order(id, "hold") == 204);
        if (state.equals("deferred")) {
            assertThat(order(id, "release")).isEqualTo(204);
        }

        await().atMost(SOON).until(() -> order(id, "bounce") == 204);

        assertThat(admin.get(QUEUE + "/" + id).statusCode()).isEqualTo(404);
        await().atMost(SOON).until(() -> peer.taken().size() == 1);
        SmtpPeer.Taken notice = peer.taken().getFirst();
        assertThat(notice.commands())
                .anyMatch(line -> line.startsWith("MAIL FROM:<>"))
                .anyMatch(line -> line.startsWith("RCPT TO:<a@sender.example>"));
        assertThat(notice.text())
                .contains(
                        "Final-Recipient: rfc822; b@orders.example",
                        "Action: failed",
                        "Status: 5.0.0",
                        "Returned to the sender by an administrator");
        JsonNode audited = json.readTree(admin.get("/api/v1/audit?q=" + id).body());
        assertThat(audited.toString()).contains("message.removed", "\"returned\":true");
    }

    @Test
    void aMessageWithoutSenderIsNotBouncedAndStaysAsItWas() throws Exception {
        String id = deferred("<>", "b@orders.example");
        await().atMost(SOON).until(() -> order(id, "hold") == 204);

        assertThat(order(id, "bounce")).isEqualTo(409);

        assertThat(state(id)).isEqualTo("held");
        assertThat(peer.taken()).isEmpty();
    }

    @Test
    void anOrderReachesAllThatMatchAndNoOther() throws Exception {
        String one = deferred("<a@sender.example>", "one@orders.example");
        String two = deferred("<a@sender.example>", "two@orders.example");
        String other = deferred("<a@sender.example>", "other@orders.example");
        for (String id : new String[] {one, two, other}) {
            await().atMost(SOON).until(() -> order(id, "hold") == 204);
        }

        JsonNode none = many("release", "{\"q\":\"one@orders.example\",\"state\":\"deferred\"}");
        JsonNode refused = many("hold", "{\"q\":\"orders.example\"}");
        JsonNode deleted = many("delete", "{\"q\":\"one@orders.example\",\"state\":\"held\"}");
        many("delete", "{\"q\":\"two@orders.example\",\"nextHop\":\"" + peer.nextHop() + "\"}");

        assertThat(none.path("matched").asInt()).isZero();
        assertThat(refused.path("refused").asInt()).isEqualTo(3);
        assertThat(refused.path("done").asInt()).isZero();
        assertThat(refused.at("/reasons/0").asString()).contains("is held");
        assertThat(deleted.path("done").asInt()).isEqualTo(1);
        assertThat(admin.get(QUEUE + "/" + one).statusCode()).isEqualTo(404);
        assertThat(admin.get(QUEUE + "/" + two).statusCode()).isEqualTo(404);
        assertThat(state(other)).isEqualTo("held");
    }

    @Test
    void waitingMailGoesAnotherWay() throws Exception {
        try (var other = new SmtpPeer()) {
            String id = deferred("<a@sender.example>", "b@orders.example");

            await().atMost(SOON).until(() -> route(id, other.nextHop(), "") == 204);

            await().atMost(SOON).until(() -> other.taken().size() == 1);
            assertThat(peer.taken()).isEmpty();
            String audited = admin.get("/api/v1/audit?q=" + id).body();
            assertThat(audited).contains("message.changed", "by the routes", other.nextHop());
        }
    }

    @Test
    void onlyTheRecipientsForTheNextHopOfTheFilterGoAnotherWay() throws Exception {
        try (var other = new SmtpPeer();
                var elsewhere = new SmtpPeer().answersRcptOf("else.example", "451 4.2.1 later")) {
            admin.json("POST", "/api/v1/routes", aRoute("else.example", elsewhere.nextHop()));
            String id = deferred("<a@sender.example>", "b@orders.example", "c@else.example");

            await().atMost(SOON)
                    .until(() ->
                            many(
                                                    "route",
                                                    "{\"q\":\"b@orders.example\",\"nextHop\":\""
                                                            + peer.nextHop()
                                                            + "\"},\"nextHop\":\""
                                                            + other.nextHop()
                                                            + "\",\"weaker\":false")
                                            .path("done")
                                            .asInt()
                                    == 1);

            await().atMost(SOON).until(() -> other.taken().size() == 1);
            assertThat(other.taken().getFirst().commands())
                    .anyMatch(line -> line.startsWith("RCPT TO:<b@orders.example>"))
                    .noneMatch(line -> line.contains("c@else.example"));
            await().atMost(SOON).until(() -> state(id).equals("deferred"));
            many("delete", "{\"q\":\"" + id + "\"}");
            remove("else.example");
        }
    }

    @Test
    void aWeakerRuleIsRefusedUntilItIsSaidToBeWanted() throws Exception {
        try (var other = new SmtpPeer()) {
            String rule = "{\"nextHop\":\"%s\",\"level\":\"encrypt\"}".formatted(peer.nextHop());
            String made = admin.json("POST", "/api/v1/policies", rule).body();
            long policy = json.readTree(made).path("id").asLong();
            String id = deferred("<a@sender.example>", "b@orders.example");
            await().atMost(SOON).until(() -> order(id, "hold") == 204);

            HttpResponse<String> refused = routed(id, other.nextHop(), "");

            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("weaker than encrypt for " + peer.nextHop());
            JsonNode many =
                    many("route", "{\"q\":\"" + id + "\"},\"nextHop\":\"" + other.nextHop() + "\"");
            assertThat(many.path("refused").asInt()).isEqualTo(1);
            assertThat(many.at("/reasons/0").asString()).contains("weaker than encrypt");
            assertThat(route(id, other.nextHop(), ",\"weaker\":true")).isEqualTo(204);
            assertThat(state(id)).isEqualTo("held");
            assertThat(other.taken()).isEmpty();
            assertThat(order(id, "release")).isEqualTo(204);
            await().atMost(SOON).until(() -> other.taken().size() == 1);
            admin.json("DELETE", "/api/v1/policies/" + policy, null);
        }
    }

    @Test
    void retryIsAudited() throws Exception {
        String id = deferred("<a@sender.example>", "b@orders.example");

        await().atMost(SOON).until(() -> order(id, "retry") == 204);

        assertThat(admin.get("/api/v1/audit?q=" + id).body())
                .contains("message.changed", "\"state\":\"due now\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "action       | {\"filter\":{}}",
                "action       | {\"action\":\"explode\",\"filter\":{}}",
                "filter       | {\"action\":\"delete\"}",
                "nextHop      | {\"action\":\"route\",\"filter\":{}}",
                "nextHop      | {\"action\":\"route\",\"filter\":{},\"nextHop\":\"a b\"}",
                "nextHop      | {\"action\":\"hold\",\"filter\":{},\"nextHop\":\"a.example\"}",
                "filter.state | {\"action\":\"hold\",\"filter\":{\"state\":\"lost\"}}"
            })
    void aWrongOrderIsRefusedAtItsField(String field, String body) throws Exception {
        HttpResponse<String> refused = admin.json("POST", QUEUE + "/actions", body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(json.readTree(refused.body()).at("/errors/0/field").asString()).isEqualTo(field);
    }

    private static String aRoute(String pattern, String nextHop) {
        return "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}".formatted(pattern, nextHop);
    }

    private void remove(String pattern) throws Exception {
        for (JsonNode route : json.readTree(admin.get("/api/v1/routes").body()).path("items")) {
            if (route.path("pattern").asString().equals(pattern)) {
                admin.json("DELETE", "/api/v1/routes/" + route.path("id").asLong(), null);
            }
        }
    }

    private HttpResponse<String> routed(String id, String nextHop, String more) throws Exception {
        String body = "{\"nextHop\":\"" + nextHop + "\"" + more + "}";
        return admin.json("POST", QUEUE + "/" + id + "/route", body);
    }

    private int route(String id, String nextHop, String more) throws Exception {
        return routed(id, nextHop, more).statusCode();
    }

    private String deferred(String sender, String... recipients) throws Exception {
        var lines = new ArrayList<>(List.of("EHLO client.example", "MAIL FROM:" + sender));
        for (String recipient : recipients) {
            lines.add("RCPT TO:<" + recipient + ">");
        }
        lines.addAll(List.of("DATA", "Subject: orders\r\n\r\nhello\r\n."));
        String queued =
                SmtpPeer.talk(listeners.list().getFirst().boundPort(), lines.toArray(String[]::new))
                        .getLast();
        assertThat(queued).startsWith("250 2.0.0 Ok: queued as ");
        String id = queued.substring(queued.lastIndexOf(' ') + 1);
        await().atMost(SOON).until(() -> state(id).equals("deferred"));
        return id;
    }

    private int order(String id, String order) throws Exception {
        return admin.json("POST", QUEUE + "/" + id + "/" + order, null).statusCode();
    }

    private JsonNode many(String action, String filter) throws Exception {
        String body = "{\"action\":\"" + action + "\",\"filter\":" + filter + "}";
        HttpResponse<String> answer = admin.json("POST", QUEUE + "/actions", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json.readTree(answer.body());
    }

    private JsonNode page(String query) throws Exception {
        return json.readTree(admin.get(QUEUE + "?" + query).body());
    }

    private String state(String id) throws Exception {
        return json.readTree(admin.get(QUEUE + "/" + id).body()).path("state").asString();
    }
}
