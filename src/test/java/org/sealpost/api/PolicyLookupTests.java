package org.sealpost.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code /policies/lookup} explains, and rules that present a client certificate. */
@RunningSealpost
class PolicyLookupTests {

    private final HttpCaller admin;
    private final JsonMapper json;
    private final Deque<String> made = new ArrayDeque<>();

    PolicyLookupTests(@Value("${local.server.port}") int http, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.json = json;
    }

    @AfterEach
    void remove() throws Exception {
        while (!made.isEmpty()) {
            admin.json("DELETE", made.pop(), null);
        }
    }

    @Test
    void explainsWhatHoldsAndWhereItComesFrom() throws Exception {
        create(
                "/api/v1/policies",
                """
                {"nextHop":".explain.example","level":"secure",
                 "attributes":{"match":["nexthop","hostname"],"protocols":">=TLSv1.3"}}\
                """);

        JsonNode answer = get("/api/v1/policies/lookup?next-hop=a.b.explain.example");

        assertThat(answer.at("/keysTried").toString())
                .isEqualTo("[\"a.b.explain.example\",\".b.explain.example\",\".explain.example\"]");
        assertThat(answer.at("/matchedKey").asString()).isEqualTo(".explain.example");
        assertThat(answer.at("/effective/protocols").toString()).isEqualTo("[\"TLSv1.3\"]");
        assertThat(answer.at("/effective/match").toString())
                .isEqualTo("[\"nexthop\",\"hostname\"]");
        assertThat(answer.at("/effective/connect").asString()).isEqualTo("auto");
        assertThat(answer.at("/effective/trust").asString()).isEqualTo("global");
        assertThat(answer.at("/effective/origins/protocols").asString()).isEqualTo("rule");
        assertThat(answer.at("/effective/origins/ciphers").asString()).isEqualTo("default");
        assertThat(answer.at("/warnings").toString())
                .contains("“hostname” in match can be forged through DNS");
    }

    @Test
    void saysThatTheLastParentWasTriedWhenNothingMatches() throws Exception {
        JsonNode answer = get("/api/v1/policies/lookup?next-hop=nobody.example.com");

        assertThat(answer.at("/keysTried").toString())
                .isEqualTo("[\"nobody.example.com\",\".example.com\",\".com\"]");
        assertThat(answer.at("/matchedKey").isNull()).isTrue();
        assertThat(answer.at("/policy").isNull()).isTrue();
        assertThat(answer.at("/effective/level").asString()).isEqualTo("may");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"nextHop\":\"x.example\",\"level\":\"may\",\"attributes\":{\"protocol\":\"\"}} | attributes.protocol",
                "{\"nextHop\":\"x.example\",\"level\":\"secure\",\"attributes\":{\"match\":{}}}   | attributes.match",
                "{\"nextHop\":\"x.example\",\"level\":\"secure\",\"clientCertificateId\":\"a\"}   | clientCertificateId",
                "{\"nextHop\":\"x.example\",\"level\":\"may\",\"notes\":\"x\"}                  | notes",
                "[]                                                                       | body"
            })
    void aFieldThatDoesNotFitIsNamed(String body, String field) throws Exception {
        HttpResponse<String> refused = admin.json("POST", "/api/v1/policies", body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        JsonNode problem = json.readTree(refused.body());
        assertThat(problem.at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(problem.at("/remedy").asString()).isNotBlank();
        assertThat(admin.json("POST", "/api/v1/policies", "{\"nextHop\":").statusCode())
                .isEqualTo(400);
    }

    @Test
    void warnsThatARouteHidesTheRulesOfRecipientDomains() throws Exception {
        create("/api/v1/routes", "{\"pattern\":\"*\",\"nextHop\":\"[hub.example]:587\"}");
        create("/api/v1/policies", "{\"nextHop\":\"hidden.example\",\"level\":\"secure\"}");

        JsonNode byRecipient = get("/api/v1/policies/lookup?recipient=a@hidden.example");
        JsonNode byNextHop = get("/api/v1/policies/lookup?next-hop=hidden.example");

        assertThat(byRecipient.at("/nextHop").asString()).isEqualTo("[hub.example]:587");
        assertThat(byRecipient.at("/matchedKey").isNull()).isTrue();
        assertThat(byRecipient.at("/warnings/0").asString())
                .contains("recipient-domain rules are never consulted");
        assertThat(byNextHop.at("/warnings/0").asString())
                .contains("[hub.example]:587")
                .contains("recipient-domain rules are never consulted");
    }

    @Test
    void aRulePresentsOnlyAnIdentityThatExistsAndKeepsIt() throws Exception {
        TestCa ca = TestCa.create();
        String client = upload("client", ca.leaf("client.example").forClients().issue().pem());
        String anchor = upload("anchor", ca.pem());
        String id = client.substring(client.lastIndexOf('/') + 1);

        assertThat(rule("999999").statusCode()).isEqualTo(422);
        assertThat(rule(anchor.substring(anchor.lastIndexOf('/') + 1)).statusCode()).isEqualTo(422);
        String rule =
                create(
                        "/api/v1/policies",
                        "{\"nextHop\":\"mtls.example\",\"level\":\"secure\",\"clientCertificateId\":"
                                + id
                                + "}");

        assertThat(
                        get("/api/v1/policies/lookup?next-hop=mtls.example")
                                .at("/effective/clientCertificateId")
                                .asString())
                .isEqualTo(id);
        assertThat(admin.json("DELETE", client, null).statusCode()).isEqualTo(409);
        assertThat(admin.json("DELETE", rule, null).statusCode()).isEqualTo(204);
        assertThat(admin.json("DELETE", client, null).statusCode()).isEqualTo(204);
    }

    private HttpResponse<String> rule(String clientCertificateId) throws Exception {
        return admin.json(
                "POST",
                "/api/v1/policies",
                "{\"nextHop\":\"no.example\",\"level\":\"secure\",\"clientCertificateId\":"
                        + clientCertificateId
                        + "}");
    }

    private String upload(String purpose, String pem) throws Exception {
        String body =
                "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                        + purpose
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"c.pem\"\r\n\r\n"
                        + pem
                        + "\r\n--b--\r\n";
        HttpResponse<String> response =
                admin.send("POST", "/api/v1/certificates", body, "multipart/form-data; boundary=b");
        return location(response);
    }

    private String create(String path, String body) throws Exception {
        return location(admin.json("POST", path, body));
    }

    private String location(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        String path =
                java.net
                        .URI
                        .create(response.headers().firstValue("Location").orElseThrow())
                        .getPath();
        made.push(path);
        return path;
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response = admin.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }
}
