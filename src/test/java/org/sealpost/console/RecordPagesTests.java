package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.WebApplicationContext;

/** Routes, users, mail accounts and the audit as an administrator keeps them. */
@RunningSealpost
class RecordPagesTests {

    private final TlsPolicies policies;
    private final JdbcTemplate jdbc;
    private final Pages admin;

    RecordPagesTests(TlsPolicies policies, JdbcTemplate jdbc, WebApplicationContext application) {
        this.policies = policies;
        this.jdbc = jdbc;
        this.admin =
                Pages.of(
                        application,
                        "policies:write",
                        "routes:write",
                        "users:read",
                        "users:write",
                        "audit:read");
    }

    @AfterEach
    void removeAll() {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("test", null, "policies:write"));
        policies.all().stream()
                .filter(rule -> rule.nextHop().contains("pages.example"))
                .toList()
                .forEach(rule -> policies.delete(rule.id(), null));
        SecurityContextHolder.clearContext();
        jdbc.update("delete from app_user where username like 'pages-%'");
        jdbc.update("delete from smtp_account where username like 'pages-%'");
    }

    @Test
    void aRouteIsAddedEditedAndRemovedAndItsPasswordNeverShown() {
        admin.post("/policies", Map.of("nextHop", "[mx.pages.example]:587", "level", "secure"));
        var form = new HashMap<String, String>();
        form.put("pattern", "pages.example");
        form.put("nextHop", "[mx.pages.example]:587");
        form.put("username", "relay-user");
        form.put("password", "Sesame-Open-12");
        form.put("sender", "@corp.pages.example");
        form.put("auth", "login");
        form.put("sourceAddresses", "127.0.0.1, 127.0.0.1");
        assertThat(admin.post("/routes", form))
                .hasStatus(422)
                .bodyText()
                .contains("href=\"#sourceAddresses\"");
        form.put("sourceAddresses", "127.0.0.1");
        assertThat(admin.post("/routes", form)).hasRedirectedUrl("/routes");
        long id = id("select id from route where pattern = 'pages.example'");

        assertThat(admin.get("/routes"))
                .bodyText()
                .contains(
                        "pages.example",
                        "[mx.pages.example]:587",
                        "with a password",
                        "corp.pages.example",
                        "127.0.0.1");
        assertThat(admin.get("/routes/" + id))
                .bodyText()
                .contains("One is stored and never shown.", "corp.pages.example")
                .containsPattern("value=\"login\"[^>]*selected")
                .doesNotContain("Sesame");
        form.put("nextHop", "[x");
        assertThat(admin.post("/routes/" + id, form))
                .hasStatus(422)
                .bodyText()
                .contains("Nothing was saved yet", "href=\"#nextHop\"")
                .doesNotContain("Sesame");
        form.put("nextHop", "[mx.pages.example]:587");
        form.put("version", "99");
        assertThat(admin.post("/routes/" + id, form))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster");
        assertThat(admin.get("/routes/" + id + "/delete"))
                .bodyText()
                .contains("Remove the route for", "pages.example");
        String version =
                String.valueOf(
                        jdbc.queryForObject(
                                "select version from route where id = ?", Long.class, id));
        assertThat(admin.post("/routes/" + id + "/delete", Map.of("version", version)))
                .hasRedirectedUrl("/routes");
        assertThat(admin.get("/routes/" + id)).hasStatus(404);
    }

    @Test
    void aUserIsAddedGivenRolesAndRemoved() {
        var form = Map.of("username", "pages-eve", "password", "short", "roles", "viewer");
        assertThat(admin.post("/users", form))
                .hasStatus(422)
                .bodyText()
                .contains("shorter than 12 characters", "pages-eve")
                .doesNotContain("value=\"short\"");
        admin.post(
                "/users",
                Map.of(
                        "username", "pages-eve",
                        "password", "Silver-Anchor-61",
                        "roles", "viewer"));
        long id = id("select id from app_user where username = 'pages-eve'");

        assertThat(admin.post("/users/" + id, Map.of("roles", "auditor")))
                .hasRedirectedUrl("/users");
        assertThat(admin.get("/users")).bodyText().contains("pages-eve", ">auditor<");
        assertThat(admin.post("/users/" + id, Map.of()))
                .hasStatus(422)
                .bodyText()
                .contains("A user needs at least one role.");
        assertThat(admin.get("/users/" + id + "/delete"))
                .bodyText()
                .contains("Remove the user", "pages-eve");
        assertThat(admin.post("/users/" + id + "/delete", Map.of())).hasRedirectedUrl("/users");
        assertThat(admin.get("/audit?q=user.removed"))
                .bodyText()
                .contains("user " + id, "pages-eve", "<del", "eve");
    }

    @Test
    void aMailAccountIsAddedChangedAndRemoved() {
        var form = new HashMap<String, String>();
        form.put("username", "pages-printer@example.com");
        form.put("password", "Lantern-7734");
        form.put("senders", "printer@example.com\r\n@scan.example.com\r\n");
        assertThat(admin.post("/users/mail", form)).hasRedirectedUrl("/users/mail");

        assertThat(admin.get("/users/mail"))
                .bodyText()
                .contains("pages-printer@example.com", "@scan.example.com");
        form.put("version", "0");
        form.put("password", "");
        form.put("senders", "nonsense address");
        assertThat(admin.post("/users/mail", form))
                .hasStatus(422)
                .bodyText()
                .contains("nonsense address");
        assertThat(admin.get("/users/mail/edit?username=pages-printer@example.com"))
                .bodyText()
                .contains("Empty keeps the present one")
                .doesNotContain("Lantern");
        assertThat(
                        admin.post(
                                "/users/mail/delete",
                                Map.of("username", "pages-printer@example.com", "version", "0")))
                .hasRedirectedUrl("/users/mail");
        assertThat(admin.get("/users/mail")).bodyText().doesNotContain("pages-printer");
    }

    @Test
    void theAuditShowsWhatDiffersAndNothingAsMarkup() {
        var form = Map.of("nextHop", "audit.pages.example", "level", "secure", "note", "<b>x</b>");
        admin.post("/policies", form);

        assertThat(admin.get("/audit?q=policy.created"))
                .hasStatusOk()
                .bodyText()
                .contains("eve", "policy.created", "audit.pages.example", "&lt;b&gt;x")
                .doesNotContain("<b>x");
        assertThat(admin.get("/audit?q=nothing.like.this"))
                .bodyText()
                .contains("No entry matches this search.");
    }

    private long id(String query) {
        Long id = jdbc.queryForObject(query, Long.class);
        return id == null ? 0 : id;
    }
}
