package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;

import java.io.UnsupportedEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.account.Users.NewUser;
import org.sealpost.settings.Settings;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** Authenticator apps and recovery codes, from setting them up to losing them. */
@RunningSealpost
class SecondFactorTests {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String PASSWORD = "Blue-Kettle-77";
    private static final Pattern KEY =
            Pattern.compile("class=\"key\">((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<");
    private static final Pattern CODE =
            Pattern.compile("class=\"key\">([a-z0-9]{4}(?:-[a-z0-9]{4}){3})<");

    private final Users users;
    private final SecondFactors factors;
    private final Settings settings;
    private final JdbcTemplate jdbc;
    private final MockMvcTester mvc;
    private final int http;

    /** Another one each time: wrong codes count for the name. */
    private final String name = "theo" + NAMES.incrementAndGet();

    private long id;
    private long auditBefore;

    SecondFactorTests(
            Users users,
            SecondFactors factors,
            Settings settings,
            JdbcTemplate jdbc,
            WebApplicationContext application,
            @Value("${local.server.port}") int http) {
        this.users = users;
        this.factors = factors;
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
    void addTheo() {
        asAdministrator(() ->
                id = users.create(new NewUser(name, PASSWORD, List.of("policy-editor"))).id());
        auditBefore = last("select max(id) from audit_entry");
    }

    @AfterEach
    void removeTheo() {
        jdbc.update("delete from app_user where username = ?", name);
    }

    @Test
    void theCodeIsAskedForAfterThePasswordAndOpensOnce() throws Exception {
        var session = signedIn();
        String form = body(get(session, "/profile/second-factor"));
        assertThat(form).contains("<svg", "viewBox=\"0 0 ").doesNotContain("style=");
        Totp app = app(form);

        MvcTestResult mistyped = post(session, "/profile/second-factor", "code", "000000x");
        assertThat(mistyped).hasStatus(422).bodyText().contains("The code is wrong");
        assertThat(app(body(mistyped)).typed()).as("the same key").isEqualTo(app.typed());
        assertThat(jdbc.queryForList("select * from second_factor where user_id = ?", id))
                .isEmpty();

        long step = now();
        MvcTestResult enrolled = post(session, "/profile/second-factor", "code", app.code(step));
        assertThat(enrolled).hasRedirectedUrl("/profile/recovery-codes");
        List<String> codes = recoveryCodes(session);
        assertThat(codes).hasSize(10).doesNotHaveDuplicates();
        assertThat(get(session, "/profile/recovery-codes"))
                .as("a second look")
                .hasRedirectedUrl("/profile");
        assertThat(get(session, "/profile"))
                .as("the session that set it up goes on")
                .hasStatusOk()
                .bodyText()
                .contains("10 recovery codes left");

        var next = signedIn();
        assertThat(get(next, "/policies/new")).hasRedirectedUrl("/login/code");
        assertThat(post(next, "/login/code", "code", app.code(step)))
                .as("RFC 6238 §5.2: the step that was used to set it up")
                .hasRedirectedUrl("/login/code?failed");
        assertThat(get(next, "/policies")).hasRedirectedUrl("/login/code");
        assertThat(post(next, "/login/code", "code", app.code(step + 1)))
                .as("the page that was asked for first")
                .hasRedirectedUrl("http://localhost/policies");
        assertThat(get(next, "/policies")).hasStatusOk();

        var third = signedIn();
        assertThat(post(third, "/login/code", "code", app.code(step + 1)))
                .as("a code somebody looked at")
                .hasRedirectedUrl("/login/code?failed");
        assertThat(post(third, "/login/code", "code", codes.getFirst().toUpperCase(Locale.ROOT)))
                .hasRedirectedUrl("/");
        var fourth = signedIn();
        assertThat(post(fourth, "/login/code", "code", codes.getFirst()))
                .as("a recovery code is for once")
                .hasRedirectedUrl("/login/code?failed");

        assertThat(
                        jdbc.queryForList(
                                "select sealed_secret from second_factor where user_id = ?",
                                String.class,
                                id))
                .singleElement()
                .asString()
                .doesNotContain(app.typed());
        assertThat(audit())
                .contains("{\"secondFactor\":\"authenticator app\"}", "{\"recoveryCodes\":9}")
                .doesNotContain(app.typed(), codes.getFirst(), codes.getLast());
    }

    @Test
    void whoHasGivenThePasswordOnlyMayDoNothing() throws Exception {
        Totp app = enrol(signedIn());
        var half = signedIn();

        for (String path :
                List.of("/", "/profile", "/tokens", "/password", "/profile/second-factor")) {
            assertThat(get(half, path)).as(path).hasRedirectedUrl("/login/code");
        }
        for (String path :
                List.of(
                        "/password",
                        "/tokens",
                        "/policies",
                        "/profile/second-factor",
                        "/profile/second-factor/remove",
                        "/profile/recovery-codes/renew")) {
            assertThat(post(half, path, "code", app.code(now())))
                    .as(path)
                    .hasRedirectedUrl("/login/code");
        }
        assertThat(
                        jdbc.queryForObject(
                                "select count(*) from second_factor where user_id = ?",
                                Integer.class,
                                id))
                .isOne();

        var response = HttpCaller.anonymous(http).as(name, PASSWORD).get("/api/v1/policies");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).contains("second factor", "API token");
        assertThat(HttpCaller.anonymous(http).as(name, "wrong").get("/api/v1/policies").body())
                .as("a guess does not learn of it")
                .doesNotContain("second factor");
    }

    @Test
    void guessingCodesIsSlowedWhereverItComesFrom() {
        Totp app = enrol(signedIn());
        var half = signedIn();
        for (int i = 0; i < 10; i++) {
            assertThat(post(half, "/login/code", "code", "abcd-efgh-ijkm-npq" + i))
                    .hasRedirectedUrl("/login/code?failed");
        }

        assertThat(
                        mvc.post()
                                .uri("/login/code")
                                .session(half)
                                .with(csrf())
                                .with(request -> {
                                    request.setRemoteAddr("192.0.2.7");
                                    return request;
                                })
                                .param("code", app.code(now() + 1))
                                .exchange())
                .hasRedirectedUrl("/login/code?throttled");
        assertThat(post(new MockHttpSession(), "/login/code", "code", "000000"))
                .as("without a password")
                .hasRedirectedUrl("/login");
    }

    @Test
    void itIsRemovedByItsOwnerOrAnAdministrator() {
        var session = signedIn();
        Totp app = enrol(session);
        assertThat(post(session, "/profile/second-factor/remove", "code", "000000x"))
                .hasStatus(422);
        assertThat(post(session, "/profile/recovery-codes/renew", "code", app.code(now() + 1)))
                .hasRedirectedUrl("/profile/recovery-codes");

        asAdministrator(() -> factors.reset(id));
        assertThat(get(signedIn(), "/policies")).hasStatusOk();
        assertThat(audit()).contains("\"secondFactor\":\"none\"");
    }

    @Test
    void aRoleCanDemandIt() {
        demandOf(List.of("policy-editor"));
        try {
            var session = signedIn();
            assertThat(get(session, "/policies")).hasRedirectedUrl("/profile/second-factor");
            Totp app = enrol(session);
            assertThat(get(session, "/policies")).hasStatusOk();
            assertThat(post(session, "/profile/second-factor/remove", "code", app.code(now() + 1)))
                    .hasStatus(409)
                    .bodyText()
                    .contains("One of your roles demands a second factor.");
        } finally {
            demandOf(List.of());
        }
    }

    private void demandOf(List<String> roles) {
        asAdministrator(() ->
                settings.update(
                        AccountSettings.SECTION,
                        new AccountSettings(roles, Duration.ofHours(12)),
                        null));
    }

    private Totp enrol(MockHttpSession session) {
        Totp app = app(body(get(session, "/profile/second-factor")));
        assertThat(post(session, "/profile/second-factor", "code", app.code(now())))
                .hasRedirectedUrl("/profile/recovery-codes");
        return app;
    }

    private List<String> recoveryCodes(MockHttpSession session) {
        return CODE.matcher(body(get(session, "/profile/recovery-codes")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static Totp app(String page) {
        Matcher key = KEY.matcher(page);
        assertThat(key.find()).as(page).isTrue();
        return Totp.parse(key.group(1).replace(" ", ""));
    }

    private static long now() {
        return Instant.now().getEpochSecond() / 30;
    }

    private MockHttpSession signedIn() {
        var session = new MockHttpSession();
        assertThat(
                        mvc.post()
                                .uri("/login")
                                .session(session)
                                .with(csrf())
                                .param("username", name)
                                .param("password", PASSWORD)
                                .exchange())
                .hasRedirectedUrl("/");
        return session;
    }

    private MvcTestResult get(MockHttpSession session, String path) {
        return mvc.get().uri(path).session(session).accept("text/html").exchange();
    }

    private MvcTestResult post(MockHttpSession session, String path, String name, String value) {
        return mvc.post().uri(path).session(session).with(csrf()).param(name, value).exchange();
    }

    private static String body(MvcTestResult result) {
        try {
            return result.getResponse().getContentAsString();
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String audit() {
        return String.join(
                "\n",
                jdbc.queryForList(
                        "select after_value from audit_entry where id > ? and after_value is not null",
                        String.class,
                        auditBefore));
    }

    private long last(String sql) {
        Long last = jdbc.queryForObject(sql, Long.class);
        return last == null ? 0 : last;
    }

    private static void asAdministrator(Runnable change) {
        SecurityContextHolder.getContext()
                .setAuthentication(
                        new TestingAuthenticationToken(
                                "boss", null, "users:read", "users:write", "settings:write"));
        try {
            change.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}
