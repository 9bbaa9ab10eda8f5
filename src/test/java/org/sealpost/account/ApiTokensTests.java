package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Programs call the running API with tokens of people of several roles. */
@RunningSealpost
class ApiTokensTests {

    private static final String TOKENS = "/api/v1/tokens";
    private static final String PASSWORD = "Grandiose-Marmot-0";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final HttpCaller admin;
    private final JdbcTemplate database;
    private final JsonMapper json;

    ApiTokensTests(
            @Value("${local.server.port}") int http, JdbcTemplate database, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.database = database;
        this.json = json;
    }

    private record Made(long id, String name, HttpCaller program) {}

    private HttpCaller person(String role) throws Exception {
        String name = "person" + NAMES.incrementAndGet();
        String body =
                "{\"username\":\"%s\",\"password\":\"%s\",\"roles\":[\"%s\"]}"
                        .formatted(name, PASSWORD, role);
        assertThat(admin.json("POST", "/api/v1/users", body).statusCode()).isEqualTo(201);
        return admin.as(name, PASSWORD);
    }

    private Made token(HttpCaller person, String more, String... scopes) throws Exception {
        String name = "job" + NAMES.incrementAndGet();
        HttpResponse<String> made = person.json("POST", TOKENS, draft(name, more, scopes));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode body = json.readTree(made.body());
        return new Made(
                body.path("id").asLong(), name, admin.withToken(body.path("token").asString()));
    }

    private String draft(String name, String more, String... scopes) {
        return "{\"name\":\"%s\",\"scopes\":%s%s}"
                .formatted(name, json.writeValueAsString(List.of(scopes)), more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // role         | scopes                        | request                        |
                // wanted
                "administrator  | queue:read                    | GET  /api/v1/queue             | 200",
                "administrator  | queue:read                    | GET  /api/v1/queue/999         | 404",
                "administrator  | queue:read                    | GET  /api/v1/policies          | 403",
                "administrator  | queue:read                    | GET  /api/v1/settings/relay    | 403",
                "administrator  | queue:read                    | GET  /api/v1/smtp-users        | 403",
                "administrator  | policies:read                 | POST /api/v1/policies          | 403",
                "administrator  | policies:write                | POST /api/v1/policies          | 422",
                "administrator  | policies:write                | GET  /api/v1/policies          | 403",
                "policy-editor  | policies:read policies:write  | POST /api/v1/policies          | 422",
                "viewer         | policies:read policies:write  | POST /api/v1/policies          | 403",
                "viewer         | users:read audit:read         | GET  /api/v1/audit             | 403",
                "auditor        | audit:read                    | GET  /api/v1/audit             | 200",
                "administrator  | metrics:read                  | GET  /actuator/prometheus      | 200",
                "administrator  | queue:read                    | GET  /actuator/prometheus      | 403",
                "administrator  | queue:read                    | GET  /api/v1/tokens            | 403",
                "administrator  | users:read users:write        | POST /api/v1/tokens            | 403",
                "administrator  | queue:read                    | POST /api/v1/fingerprints      | 422"
            })
    void aTokenMayWhatItsScopesAndItsOwnersRolesBothAllow(
            String role, String scopes, String request, int wanted) throws Exception {
        HttpCaller program = token(person(role), "", scopes.split(" +")).program();

        String[] parts = request.split(" +");
        String body = parts[0].equals("GET") ? null : "{}";
        assertThat(program.json(parts[0], parts[1], body).statusCode()).isEqualTo(wanted);
    }

    @Test
    void rolesOfTheOwnerCountAsTheyAreNow() throws Exception {
        HttpCaller person = person("auditor");
        Made token = token(person, "", "audit:read");
        assertThat(token.program().get("/api/v1/audit").statusCode()).isEqualTo(200);

        database.update(
                "update app_user set roles = 'viewer' where id = (select user_id from api_token"
                        + " where id = ?)",
                token.id());
        assertThat(token.program().get("/api/v1/audit").statusCode()).isEqualTo(403);

        database.update(
                "delete from app_user where id = (select user_id from api_token where id = ?)",
                token.id());
        assertThat(token.program().get("/api/v1/audit").statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenThatIsOverOrRemovedIsRefused() throws Exception {
        Made ends = token(admin, ",\"expiresAt\":\"2999-01-01T00:00:00Z\"", "queue:read");
        assertThat(ends.program().get("/api/v1/queue").statusCode()).isEqualTo(200);
        database.update(
                "update api_token set expires_at = current_timestamp where id = ?", ends.id());
        HttpResponse<String> over = ends.program().get("/api/v1/queue");
        assertThat(over.statusCode()).isEqualTo(401);
        assertThat(over.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer "));
        assertThat(json.readTree(over.body()).path("remedy").asString()).contains("Tokens");

        Made removed = token(admin, "", "queue:read");
        assertThat(admin.json("DELETE", TOKENS + "/" + removed.id(), null).statusCode())
                .isEqualTo(204);
        assertThat(removed.program().get("/api/v1/queue").statusCode()).isEqualTo(401);
        assertThat(admin.withToken("sealpost_guessed").get("/api/v1/queue").statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.0/8, 200", "192.0.2.0/24, 401"})
    void aTokenMayBeBoundToNetworks(String network, int wanted) throws Exception {
        Made token = token(admin, ",\"addresses\":[\"" + network + "\"]", "queue:read");

        assertThat(token.program().get("/api/v1/queue").statusCode()).isEqualTo(wanted);
    }

    @Test
    void rotatingEndsTheOldSecret() throws Exception {
        Made token = token(admin, "", "queue:read");

        HttpResponse<String> rotated =
                admin.json("POST", TOKENS + "/" + token.id() + "/rotate", null);

        assertThat(rotated.statusCode()).isEqualTo(200);
        String secret = json.readTree(rotated.body()).path("token").asString();
        assertThat(token.program().get("/api/v1/queue").statusCode()).isEqualTo(401);
        assertThat(admin.withToken(secret).get("/api/v1/queue").statusCode()).isEqualTo(200);
    }

    @Test
    void theSecretIsShownOnceAndKeptNowhere() throws Exception {
        HttpResponse<String> made =
                admin.json(
                        "POST", TOKENS, draft("once" + NAMES.incrementAndGet(), "", "queue:read"));
        String secret = json.readTree(made.body()).path("token").asString();
        assertThat(secret).matches("sealpost_[A-Za-z0-9_-]{43}");
        assertThat(admin.withToken(secret).get("/api/v1/queue").statusCode()).isEqualTo(200);

        assertThat(admin.get(TOKENS).body()).contains("\"lastUsedAt\"").doesNotContain(secret);
        assertThat(admin.get("/api/v1/audit?size=100").body())
                .contains("token.created")
                .doesNotContain(secret, new TokenSecret(secret).digest());
        assertThat(
                        database.queryForObject(
                                "select count(*) from api_token where digest = ?",
                                Integer.class,
                                new TokenSecret(secret).digest()))
                .isEqualTo(1);
    }

    @Test
    void theAuditNamesOwnerAndToken() throws Exception {
        Made token = token(admin, "", "policies:write");
        String rule =
                "{\"nextHop\":\"t%d.tokens.example\",\"level\":\"may\"}"
                        .formatted(NAMES.incrementAndGet());

        HttpResponse<String> created = token.program().json("POST", "/api/v1/policies", rule);

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode entry = json.readTree(admin.get("/api/v1/audit?size=1").body()).at("/items/0");
        assertThat(entry.path("actor").asString()).isEqualTo("admin (token " + token.name() + ")");
        assertThat(entry.path("action").asString()).isEqualTo("policy.created");
    }

    @Test
    void othersTokensAreAnAdministratorsToRemoveAndNobodysToUse() throws Exception {
        HttpCaller owner = person("viewer");
        HttpCaller stranger = person("viewer");
        Made token = token(owner, "", "queue:read");
        String path = TOKENS + "/" + token.id();

        assertThat(owner.get(TOKENS).body()).contains(token.name());
        assertThat(stranger.get(TOKENS).body()).doesNotContain(token.name());
        assertThat(admin.get(TOKENS).body()).contains(token.name());
        assertThat(stranger.json("DELETE", path, null).statusCode()).isEqualTo(404);
        assertThat(stranger.json("POST", path + "/rotate", null).statusCode()).isEqualTo(404);
        assertThat(admin.json("POST", path + "/rotate", null).statusCode()).isEqualTo(403);
        assertThat(admin.json("DELETE", path, null).statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name      | {\"name\":\"\",\"scopes\":[\"queue:read\"]}",
                "name      | {\"name\":\"<b>\",\"scopes\":[\"queue:read\"]}",
                "scopes    | {\"name\":\"wrong\"}",
                "scopes    | {\"name\":\"wrong\",\"scopes\":[]}",
                "scopes    | {\"name\":\"wrong\",\"scopes\":[\"queue\"]}",
                "scopes    | {\"name\":\"wrong\",\"scopes\":[\"metrics:write\"]}",
                "scopes    | {\"name\":\"wrong\",\"scopes\":[null]}",
                "expiresAt | {\"name\":\"wrong\",\"scopes\":[\"queue:read\"],\"expiresAt\":\"2001-01-01T00:00:00Z\"}",
                "expiresAt | {\"name\":\"wrong\",\"scopes\":[\"queue:read\"],\"expiresAt\":\"soon\"}",
                "addresses | {\"name\":\"wrong\",\"scopes\":[\"queue:read\"],\"addresses\":[\"example.com\"]}",
                "addresses | {\"name\":\"wrong\",\"scopes\":[\"queue:read\"],\"addresses\":[\"192.0.2.1/24\"]}"
            })
    void aWrongTokenIsRefusedAtItsField(String field, String body) throws Exception {
        HttpResponse<String> refused = admin.json("POST", TOKENS, body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(json.readTree(refused.body()).at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void aNameIsTakenOnceForEachOwner() throws Exception {
        Made token = token(admin, "", "queue:read");
        String again = draft(token.name(), "", "queue:read");

        assertThat(admin.json("POST", TOKENS, again).statusCode()).isEqualTo(409);
        assertThat(person("viewer").json("POST", TOKENS, again).statusCode()).isEqualTo(201);
    }
}
