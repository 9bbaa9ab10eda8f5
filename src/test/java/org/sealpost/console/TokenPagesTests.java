package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** The page Tokens, without scripts, as a viewer named eve. */
@RunningSealpost
class TokenPagesTests {

    private final Pages eve;
    private final JdbcTemplate database;
    private final HttpCaller api;

    TokenPagesTests(
            WebApplicationContext application,
            JdbcTemplate database,
            @Value("${local.server.port}") int http) {
        this.eve = Pages.of(application);
        this.database = database;
        this.api = HttpCaller.anonymous(http);
    }

    @BeforeEach
    void addEve() {
        database.update(
                "insert into app_user (username, password_hash, roles, must_change_password,"
                        + " created_at, version) values ('eve', 'none', 'viewer', false,"
                        + " current_timestamp, 0)");
    }

    @AfterEach
    void removeEve() {
        database.update("delete from app_user where username = 'eve'");
    }

    @Test
    void aTokenIsMadeShownOnceRenewedAndRemoved() throws Exception {
        var session = new MockHttpSession();
        assertThat(eve.get("/tokens")).bodyText().contains("No tokens yet");
        MvcTestResult made =
                eve.post(
                        "/tokens",
                        session,
                        Map.of("name", "nightly", "scopes", "queue:read", "days", "30"));
        assertThat(made).hasRedirectedUrl("/tokens");
        String secret = secret(session);
        assertThat(api.withToken(secret).get("/api/v1/queue").statusCode()).isEqualTo(200);
        assertThat(eve.get("/tokens"))
                .bodyText()
                .contains("nightly", "queue:read", "in 29 d")
                .doesNotContain("sealpost_");

        Long id = database.queryForObject("select max(id) from api_token", Long.class);
        assertThat(eve.get("/tokens/" + id + "/rotate"))
                .bodyText()
                .contains("A new secret for", "nightly");
        eve.post("/tokens/" + id + "/rotate", session, Map.of());
        assertThat(api.withToken(secret).get("/api/v1/queue").statusCode()).isEqualTo(401);
        assertThat(api.withToken(secret(session)).get("/api/v1/queue").statusCode()).isEqualTo(200);

        assertThat(eve.get("/tokens/" + id + "/delete")).bodyText().contains("Remove the token");
        assertThat(eve.post("/tokens/" + id + "/delete", Map.of())).hasRedirectedUrl("/tokens");
        assertThat(eve.get("/tokens")).bodyText().contains("No tokens yet");
    }

    @Test
    void aRefusedFormKeepsWhatWasTyped() {
        assertThat(
                        eve.postAll(
                                "/tokens",
                                Map.of(
                                        "name", List.of("<script>"),
                                        "scopes", List.of("queue:read", "events:read"),
                                        "addresses", List.of("nowhere"))))
                .hasStatus(422)
                .bodyText()
                .contains("&lt;script&gt;", "is not a name", "is not a network", "never by itself")
                .containsPattern("value=\"events:read\"[^>]*checked")
                .doesNotContain("<script>\"");
    }

    private String secret(MockHttpSession session) {
        String page = eve.page("/tokens", session);
        var secret = Pattern.compile("sealpost_[A-Za-z0-9_-]{43}").matcher(page);
        assertThat(secret.find()).as(page).isTrue();
        return secret.group();
    }
}
