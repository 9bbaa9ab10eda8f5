package org.sealpost.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Why a rule was changed travels in a header and stays in the audit. */
@RunningSealpost
class ChangeReasonTests {

    private static final String HEADER = "X-Change-Reason";

    private final HttpCaller admin;
    private final JsonMapper json;

    ChangeReasonTests(@Value("${local.server.port}") int http, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.json = json;
    }

    @Test
    void everyWriteOfARuleMayCarryOne() throws Exception {
        HttpResponse<String> created = send("POST", "/api/v1/policies", "secure", "new partner");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String rule = created.headers().firstValue("Location").orElseThrow();
        assertThat(audited("policy.created").get("reason").asString()).isEqualTo("new partner");

        // A client that writes UTF-8 into a header arrives as one that writes Latin-1.
        String utf8 =
                new String(
                        "Server zieht für 2 Tage um".getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.ISO_8859_1);
        assertThat(send("PUT", rule, "may", "their MX moved").statusCode()).isEqualTo(200);
        JsonNode changed = audited("policy.changed");
        assertThat(changed.get("reason").asString()).isEqualTo("their MX moved");
        assertThat(changed.get("level").asString()).isEqualTo("may");
        assertThat(ChangeReason.read(utf8)).isEqualTo("Server zieht für 2 Tage um");

        assertThat(admin.json("DELETE", rule, null, HEADER, "partner is gone").statusCode())
                .isEqualTo(204);
        assertThat(audited("policy.removed").get("reason").asString()).isEqualTo("partner is gone");
    }

    @Test
    void anImportMayCarryOneAndItStaysWithEachRule() throws Exception {
        String path = "/api/v1/policies/import";
        admin.send("POST", path, "reason.example may\n", "text/plain", HEADER, "yearly review");

        JsonNode newest = json.readTree(admin.get("/api/v1/audit?size=2").body()).get("items");

        assertThat(newest.at("/0/after/nextHop").asString()).isEqualTo("reason.example");
        assertThat(newest.at("/0/after/reason").asString()).isEqualTo("yearly review");
        assertThat(newest.at("/1/object").asString()).isEqualTo("policy import");
        assertThat(newest.at("/1/after/added").asInt()).isEqualTo(1);
        assertThat(newest.at("/1/after/reason").asString()).isEqualTo("yearly review");
        String rule = newest.at("/0/object").asString().replace("policy ", "");
        admin.json("DELETE", "/api/v1/policies/" + rule, null);
    }

    @Test
    void aReasonIsOptionalAndNotABook() throws Exception {
        HttpResponse<String> refused = send("POST", "/api/v1/policies", "secure", "x".repeat(501));

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json.readTree(refused.body()).at("/errors/0/field").asString())
                .isEqualTo(HEADER);
        HttpResponse<String> created = send("POST", "/api/v1/policies", "secure", " ");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(audited("policy.created").has("reason")).isFalse();
        admin.json("DELETE", created.headers().firstValue("Location").orElseThrow(), null);
    }

    private HttpResponse<String> send(String method, String path, String level, String reason)
            throws Exception {
        return admin.json(
                method,
                path,
                "{\"nextHop\":\"why.reason.example\",\"level\":\"%s\"}".formatted(level),
                HEADER,
                reason);
    }

    private JsonNode audited(String action) throws Exception {
        JsonNode entry = json.readTree(admin.get("/api/v1/audit?size=1").body()).at("/items/0");
        assertThat(entry.get("action").asString()).isEqualTo(action);
        return entry.get("after");
    }
}
