package org.sealpost.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists are read in the order that is asked for, page by page, and none is left out. */
@RunningSealpost
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SortedListTests {

    private final HttpCaller admin;
    private final JsonMapper json;
    private final List<String> made = new ArrayList<>();

    SortedListTests(@Value("${local.server.port}") int http, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.json = json;
    }

    @BeforeAll
    void make() throws Exception {
        for (String one : List.of("b secure", "a verify", "c none", "d secure")) {
            String[] rule = one.split(" ", 2);
            add(
                    "/api/v1/policies",
                    "{\"nextHop\":\"%s.sorted.example\",\"level\":\"%s\"}"
                            .formatted(rule[0], rule[1]));
        }
        for (String one : List.of("b 1", "a 3", "c 2")) {
            String[] route = one.split(" ", 2);
            add(
                    "/api/v1/routes",
                    "{\"pattern\":\"%s.sorted.example\",\"nextHop\":\"[%s.sorted.example]\"}"
                            .formatted(route[0], route[1]));
            add(
                    "/api/v1/smtp-users",
                    "{\"username\":\"sorted-%s\",\"password\":\"long enough\"}"
                            .formatted(route[0]));
        }
    }

    @AfterAll
    void remove() throws Exception {
        for (String one : made) {
            admin.json("DELETE", one, null);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policies   | sorted.example | nextHop   |          | a b c d",
                "policies   | sorted.example | nextHop   | nextHop  | a b c d",
                "policies   | sorted.example | nextHop   | -nextHop | d c b a",
                "policies   | sorted.example | nextHop   | level    | c a b d",
                "policies   | sorted.example | nextHop   | -level   | d b a c",
                "routes     | sorted.example | pattern   |          | a b c",
                "routes     | sorted.example | pattern   | -pattern | c b a",
                "routes     | sorted.example | pattern   | nextHop  | b c a",
                "smtp-users | sorted-        | username  | -username | c b a",
                "smtp-users | sorted-b       | username  |          | b"
            })
    void everyPageFollowsTheOneBefore(
            String list, String text, String field, String sort, String wanted) throws Exception {
        List<JsonNode> items = paged(list, "q=" + text + (sort == null ? "" : "&sort=" + sort));

        assertThat(
                        items.stream()
                                .map(one -> one.get(field).asString())
                                .map(name -> name.replace("sorted-", "").substring(0, 1)))
                .containsExactly(wanted.split(" "));
    }

    @Test
    void theAuditAndTheUsersAreReadBothWays() throws Exception {
        List<Long> newest = ids("audit", "q=policy.created&sort=-at");
        List<Long> oldest = ids("audit", "q=policy.created&sort=at");

        assertThat(newest).hasSizeGreaterThanOrEqualTo(4).isSortedAccordingTo(reversed());
        assertThat(oldest).containsExactlyElementsOf(newest.reversed());
        admin.json(
                "POST",
                "/api/v1/users",
                "{\"username\":\"sorted-eve\",\"password\":\"tall ships 1847 out\",\"roles\":[\"viewer\"]}");
        List<Instant> added =
                paged("users", "sort=createdAt").stream()
                        .map(one -> Instant.parse(one.get("createdAt").asString()))
                        .toList();
        assertThat(added).hasSizeGreaterThan(1).isSorted();
        assertThat(ids("users", "sort=createdAt"))
                .containsExactlyElementsOf(ids("users", "sort=-createdAt").reversed());
    }

    @Test
    void theConnectionLogIsReadBothWays() throws Exception {
        JsonNode newest = page("events", "size=5");
        JsonNode oldest = page("events", "size=5&sort=at");

        assertThat(newest.get("items").valueStream().map(one -> one.get("id").asLong()).toList())
                .isSortedAccordingTo(reversed());
        assertThat(oldest.get("items").valueStream().map(one -> one.get("id").asLong()).toList())
                .isSorted();
    }

    @ParameterizedTest
    @CsvSource({
        "policies, 'nextHop, level'",
        "routes, 'pattern, nextHop'",
        "users, 'username, createdAt'",
        "smtp-users, username",
        "queue, 'receivedAt, nextAttemptAt'",
        "certificates, 'notAfter, subject, purpose, id'",
        "audit, at",
        "events, at"
    })
    void anUnknownOrderIsRefusedWithTheKnownOnes(String list, String known) throws Exception {
        HttpResponse<String> refused = admin.get("/api/v1/" + list + "?sort=-colour");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(json.readTree(refused.body()).at("/errors/0/field").asString())
                .isEqualTo("sort");
        assertThat(refused.body()).contains("none of " + known + ", or one of them with a minus");
        for (String field : known.split(", ")) {
            assertThat(admin.get("/api/v1/" + list + "?sort=-" + field).statusCode())
                    .isEqualTo(200);
        }
        assertThat(admin.get("/api/v1/" + list + "?sort=" + known.split(", ", 2)[0] + "&cursor=x"))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(400);
    }

    private static Comparator<Long> reversed() {
        return Comparator.reverseOrder();
    }

    private List<Long> ids(String list, String query) throws Exception {
        return paged(list, query).stream().map(one -> one.get("id").asLong()).toList();
    }

    /** Two items a page. */
    private List<JsonNode> paged(String list, String query) throws Exception {
        var all = new ArrayList<JsonNode>();
        JsonNode page = page(list, query + "&size=2");
        page.get("items").forEach(all::add);
        while (!page.get("nextCursor").isNull()) {
            page = page(list, query + "&size=2&cursor=" + page.get("nextCursor").asString());
            page.get("items").forEach(all::add);
        }
        assertThat(all).hasSize(page.get("total").asInt());
        return all;
    }

    private JsonNode page(String list, String query) throws Exception {
        HttpResponse<String> response = admin.get("/api/v1/" + list + "?" + query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }

    private void add(String path, String body) throws Exception {
        HttpResponse<String> response = admin.json("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        made.add(response.headers().firstValue("Location").orElseThrow());
    }
}
