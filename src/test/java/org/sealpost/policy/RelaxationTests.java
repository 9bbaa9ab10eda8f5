package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A rule asks for less for a while and comes back by itself, unless somebody changed it. */
@RunningSealpost
class RelaxationTests {

    private static final String PATH = "/api/v1/policies/relaxations";

    private final HttpCaller admin;
    private final JsonMapper json;
    private final RelaxationTimer timer;
    private final List<String> rules = new ArrayList<>();

    RelaxationTests(
            @Value("${local.server.port}") int http, JsonMapper json, RelaxationTimer timer) {
        this.admin = HttpCaller.administrator(http);
        this.json = json;
        this.timer = timer;
    }

    @AfterEach
    void clear() throws Exception {
        timer.endDue(Instant.now().plus(Duration.ofDays(40)));
        for (String rule : rules) {
            admin.json("DELETE", "/api/v1/policies/" + rule, null);
        }
    }

    @Test
    void aRuleComesBackByItselfAsItWas() throws Exception {
        String rule =
                rule(
                        "{\"nextHop\":\"relaxed.example\",\"level\":\"secure\",\"attributes\":{\"match\":[\"mx.relaxed.example\"],\"protocols\":\">=TLSv1.3\"},\"note\":\"Agreed.\"}");
        JsonNode before = json.readTree(admin.get("/api/v1/policies/" + rule).body());

        relax("relaxed.example", "encrypt", 201);

        JsonNode now = json.readTree(admin.get("/api/v1/policies/" + rule).body());
        assertThat(now.get("level").asString()).isEqualTo("encrypt");
        assertThat(now.at("/attributes/protocols").asString()).isEqualTo(">=TLSv1.3");
        assertThat(now.get("note").asString()).contains("Relaxed until").contains("Their MX moved");
        assertThat(relax("relaxed.example", "may", 409).body()).contains("relaxed already");
        timer.endDue(Instant.now());
        assertThat(level("relaxed.example")).isEqualTo("encrypt");

        timer.endDue(Instant.now().plus(Duration.ofHours(2)));

        assertThat(json.readTree(admin.get("/api/v1/policies/" + rule).body())).isEqualTo(before);
        assertThat(json.readTree(admin.get(PATH).body()).get("items")).isEmpty();
        assertThat(admin.get("/api/v1/audit?q=policy.changed&size=5").body())
                .contains("Sealpost", "The relaxation that admin began is over");
    }

    @Test
    void whereNoRuleWasNoneStays() throws Exception {
        rule("{\"nextHop\":\".parent.example\",\"level\":\"secure\"}");
        String body = relax("mx.parent.example", "encrypt", 201).body();
        assertThat(json.readTree(body).get("usualLevel").asString()).isEqualTo("secure");
        assertThat(level("mx.parent.example")).isEqualTo("encrypt");

        assertThat(
                        admin.json(
                                        "DELETE",
                                        PATH + "/" + json.readTree(body).get("id").asString(),
                                        null)
                                .statusCode())
                .isEqualTo(204);

        assertThat(level("mx.parent.example")).isEqualTo("secure");
        assertThat(admin.get("/api/v1/policies?q=mx.parent.example").body())
                .contains("\"total\":0");
    }

    @Test
    void whatSomebodyChangedMeanwhileStays() throws Exception {
        String rule = rule("{\"nextHop\":\"changed.example\",\"level\":\"secure\"}");
        relax("changed.example", "may", 201);
        admin.json(
                "PUT",
                "/api/v1/policies/" + rule,
                "{\"nextHop\":\"changed.example\",\"level\":\"verify\"}");

        timer.endDue(Instant.now().plus(Duration.ofHours(2)));

        assertThat(level("changed.example")).isEqualTo("verify");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nextHop | {'nextHop':'[x','level':'may','until':'UNTIL','reason':'why'}",
                "level   | {'nextHop':'a.example','level':'none','until':'UNTIL','reason':'why'}",
                "level   | {'nextHop':'a.example','level':'encrypt','until':'UNTIL','reason':'why'}",
                "until   | {'nextHop':'a.example','level':'may','reason':'why'}",
                "reason  | {'nextHop':'a.example','level':'may','until':'UNTIL','reason':' '}"
            })
    void whatIsNoRelaxationIsRefusedWithTheCure(String field, String body) throws Exception {
        HttpResponse<String> answer =
                admin.json(
                        "POST",
                        PATH,
                        body.replace('\'', '"')
                                .replace("UNTIL", Instant.now().plusSeconds(60).toString()));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    private HttpResponse<String> relax(String nextHop, String level, int status) throws Exception {
        HttpResponse<String> answer =
                admin.json(
                        "POST",
                        PATH,
                        "{\"nextHop\":\"%s\",\"level\":\"%s\",\"until\":\"%s\",\"reason\":\"Their MX moved\"}"
                                .formatted(
                                        nextHop, level, Instant.now().plus(Duration.ofHours(1))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private String level(String nextHop) throws Exception {
        return json.readTree(admin.get("/api/v1/policies/lookup?next-hop=" + nextHop).body())
                .at("/effective/level")
                .asString();
    }

    private String rule(String body) throws Exception {
        HttpResponse<String> answer = admin.json("POST", "/api/v1/policies", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        String id = json.readTree(answer.body()).get("id").asString();
        rules.add(id);
        return id;
    }
}
