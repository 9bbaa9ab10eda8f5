package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.account.ApiTokens.NewToken;
import org.sealpost.account.OpenSessions.Session;
import org.sealpost.account.Users.NewUser;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.Settings;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** Who is signed in where, and how such sessions end. */
@RunningSealpost
class OpenSessionsTests {

    private static final String NAME = "sina";
    private static final String PASSWORD = "Blue-Kettle-77";
    private static final String FIREFOX =
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private final Users users;
    private final ApiTokens tokens;
    private final OpenSessions sessions;
    private final Settings settings;
    private final JdbcTemplate jdbc;
    private final MockMvcTester mvc;
    private final int http;
    private long id;

    OpenSessionsTests(
            Users users,
            ApiTokens tokens,
            OpenSessions sessions,
            Settings settings,
            JdbcTemplate jdbc,
            WebApplicationContext application,
            @Value("${local.server.port}") int http) {
        this.users = users;
        this.tokens = tokens;
        this.sessions = sessions;
        this.settings = settings;
        this.jdbc = jdbc;
        this.http = http;
        this.mvc =
                MockMvcTester.create(
                        MockMvcBuilders.webAppContextSetup(application)
                                .apply(springSecurity())
                                .build());
    }

    @BeforeEach
    void addSina() {
        as("boss", () -> id = users.create(new NewUser(NAME, PASSWORD, List.of("operator"))).id());
    }

    @AfterEach
    void removeSina() {
        jdbc.update("delete from app_user where username = ?", NAME);
    }

    @Test
    void theProfileListsTheSessionsAndEndsOthers() {
        var here = signedIn();
        var elsewhere = signedIn();
        assertThat(get(here, "/profile"))
                .hasStatusOk()
                .bodyText()
                .contains("Firefox on Linux", "192.0.2.44", "this one");

        List<Session> own = own();
        assertThat(own).hasSize(2);
        as(
                "eve",
                () ->
                        assertThatExceptionOfType(NotFound.class)
                                .as("somebody else's")
                                .isThrownBy(() -> sessions.endOwn(own.getFirst().handle())));
        // The one used last is the one the page was asked in.
        assertThat(
                        mvc.post()
                                .uri("/profile/sessions/{handle}/end", own.getLast().handle())
                                .session(here)
                                .with(csrf())
                                .exchange())
                .hasRedirectedUrl("/profile");

        assertThat(get(elsewhere, "/policies")).hasRedirectedUrl("/login");
        assertThat(get(here, "/policies")).hasStatusOk();
        assertThat(own()).hasSize(1);
        assertThat(
                        jdbc.queryForList(
                                "select before_value from audit_entry where action ="
                                        + " 'session.removed' and object = ?",
                                String.class,
                                "session " + own.getLast().handle()))
                .singleElement()
                .asString()
                .contains(NAME, "192.0.2.44");
    }

    @Test
    void anAdministratorEndsAnybodys() {
        var session = signedIn();
        assertThat(get(session, "/policies")).hasStatusOk();

        String handle = own().getFirst().handle();
        as("boss", () -> sessions.end(handle));

        assertThat(get(session, "/policies")).hasRedirectedUrl("/login");
    }

    @Test
    void aDisabledUserIsOutWithSessionsPasswordAndTokens() throws Exception {
        var session = signedIn();
        assertThat(get(session, "/policies")).hasStatusOk();
        String[] token = new String[1];
        as(
                NAME,
                () ->
                        token[0] =
                                tokens.create(
                                                new NewToken(
                                                        "job",
                                                        List.of("policies:read"),
                                                        null,
                                                        null))
                                        .secret());
        HttpCaller program = HttpCaller.anonymous(http).withToken(token[0]);
        assertThat(program.get("/api/v1/policies").statusCode()).isEqualTo(200);

        as("boss", () -> users.disable(id, true));

        assertThat(get(session, "/policies")).hasRedirectedUrl("/login");
        assertThat(signIn(new MockHttpSession())).hasRedirectedUrl("/login?failed");
        assertThat(program.get("/api/v1/policies").statusCode()).isEqualTo(401);
        assertThat(
                        HttpCaller.anonymous(http)
                                .as(NAME, PASSWORD)
                                .get("/api/v1/policies")
                                .statusCode())
                .isEqualTo(401);

        as("boss", () -> users.disable(id, false));
        assertThat(program.get("/api/v1/policies").statusCode()).isEqualTo(200);
        signedIn();
    }

    @Test
    void theLastAdministratorStays() {
        Long admin =
                jdbc.queryForObject("select id from app_user where username = 'admin'", Long.class);
        jdbc.update(
                "update app_user set disabled = true where roles like '%administrator%' and id <> ?",
                admin);
        as(
                "boss",
                () ->
                        assertThatExceptionOfType(Conflict.class)
                                .isThrownBy(() -> users.disable(admin == null ? 0 : admin, true)));
        jdbc.update("update app_user set disabled = false");
    }

    @Test
    void aSessionEndsAfterItsLifetimeHoweverBusyItIs() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        var registry = new SessionRegistryImpl();
        var http = new MockHttpSession();
        var signedIn = new SignedIn(NAME, "stamp", "handle");
        var request = new MockHttpServletRequest();
        for (int hour = 0; hour < 12; hour++) {
            assertThat(at(registry, start, hour).note(http, signedIn, request)).isTrue();
        }
        assertThat(at(registry, start, 12).isOpen("handle")).isTrue();

        SessionBook late = at(registry, start, 13);
        assertThat(late.note(http, signedIn, request)).isFalse();
        assertThat(late.isOpen("handle")).isFalse();
        assertThat(late.list()).isEmpty();
    }

    private SessionBook at(SessionRegistryImpl registry, Instant start, int hours) {
        return new SessionBook(
                registry,
                settings,
                Clock.fixed(start.plus(Duration.ofHours(hours)), ZoneOffset.UTC));
    }

    private List<Session> own() {
        var own = new ArrayList<Session>();
        as(NAME, () -> own.addAll(sessions.own()));
        return own;
    }

    private MockHttpSession signedIn() {
        var session = new MockHttpSession();
        assertThat(signIn(session)).hasRedirectedUrl("/");
        get(session, "/theme");
        return session;
    }

    private MvcTestResult signIn(MockHttpSession session) {
        return mvc.post()
                .uri("/login")
                .session(session)
                .with(csrf())
                .param("username", NAME)
                .param("password", PASSWORD)
                .exchange();
    }

    private MvcTestResult get(MockHttpSession session, String path) {
        return mvc.get()
                .uri(path)
                .session(session)
                .with(request -> {
                    request.setRemoteAddr("192.0.2.44");
                    return request;
                })
                .header("User-Agent", FIREFOX)
                .accept("text/html")
                .exchange();
    }

    private static void as(String name, Runnable change) {
        SecurityContextHolder.getContext()
                .setAuthentication(
                        new TestingAuthenticationToken(
                                name, null, "policies:read", "users:read", "users:write"));
        try {
            change.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}
