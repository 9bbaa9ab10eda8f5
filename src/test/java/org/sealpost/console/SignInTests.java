package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.account.Users;
import org.sealpost.account.Users.NewUser;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

@RunningSealpost
class SignInTests {

    private static final String NAME = "frieda";
    private static final String PASSWORD = "Blue-Kettle-77";
    private static final String ANOTHER = "Green-Ladder-88";

    private final Users users;
    private final JdbcTemplate jdbc;
    private final MockMvcTester mvc;
    private long id;

    SignInTests(Users users, JdbcTemplate jdbc, WebApplicationContext application) {
        this.users = users;
        this.jdbc = jdbc;
        this.mvc = Pages.mvc(application);
    }

    @BeforeEach
    void addFrieda() {
        asAdministrator(() ->
                id = users.create(new NewUser(NAME, PASSWORD, List.of("policy-editor"))).id());
    }

    @AfterEach
    void removeFrieda() {
        jdbc.update("delete from app_user where username = ?", NAME);
    }

    @Test
    void aPageLeadsToTheLoginAndBack() {
        MvcTestResult asked = mvc.get().uri("/policies/new").accept("text/html").exchange();
        assertThat(asked).hasRedirectedUrl("/login");
        var session = (MockHttpSession) asked.getRequest().getSession();

        assertThat(signIn(session, PASSWORD)).hasStatus(302);
        assertThat(signIn(new MockHttpSession(), PASSWORD)).hasRedirectedUrl("/");
    }

    @Test
    void aWrongPasswordIsToldPlainly() {
        assertThat(signIn(new MockHttpSession(), "wrong")).hasRedirectedUrl("/login?failed");
        assertThat(mvc.get().uri("/login").param("failed", "").exchange())
                .hasStatusOk()
                .bodyText()
                .contains("The user name or the password is wrong.", "name=\"_csrf\"")
                .doesNotContain("<nav");
    }

    @Test
    void guessingIsSlowed() {
        for (int i = 0; i < 10; i++) {
            signIn(new MockHttpSession(), "wrong");
        }

        assertThat(
                        mvc.post()
                                .uri("/login")
                                .with(csrf())
                                .with(request -> {
                                    request.setRemoteAddr("192.0.2.7");
                                    return request;
                                })
                                .param("username", NAME)
                                .param("password", PASSWORD)
                                .exchange())
                .as("from an address that never failed")
                .hasRedirectedUrl("/");
        assertThat(signIn(new MockHttpSession(), PASSWORD)).hasRedirectedUrl("/login?throttled");
    }

    @Test
    void theOneTimePasswordOpensOnlyThePageThatChangesIt() {
        jdbc.update("update app_user set must_change_password = true where id = ?", id);
        var session = session(PASSWORD);

        assertThat(get(session, "/policies")).hasRedirectedUrl("/password");
        assertThat(get(session, "/password"))
                .hasStatusOk()
                .bodyText()
                .contains("Choose a password of your own");
        assertThat(change(session, PASSWORD, ANOTHER, "Green-Ladder-89"))
                .hasStatus(422)
                .bodyText()
                .contains("The two new passwords differ.");
        assertThat(change(session, PASSWORD, "short", "short"))
                .hasStatus(422)
                .bodyText()
                .contains("shorter than 12 characters");
        assertThat(change(session, "wrong", ANOTHER, ANOTHER))
                .hasStatus(422)
                .bodyText()
                .contains("The present password is wrong.");

        MvcTestResult changed = change(session, PASSWORD, ANOTHER, ANOTHER);
        assertThat(changed).hasRedirectedUrl("/");
        assertThat(get(session(changed), "/policies"))
                .hasStatusOk()
                .bodyText()
                .contains("Add rule");
    }

    @Test
    void aSessionEndsWhenThePasswordIsChangedElsewhere() {
        var here = session(PASSWORD);
        var elsewhere = session(PASSWORD);
        assertThat(get(elsewhere, "/policies")).hasStatusOk();

        change(here, PASSWORD, ANOTHER, ANOTHER);

        assertThat(get(elsewhere, "/policies")).hasRedirectedUrl("/login");
    }

    @Test
    void changedRolesCountAtOnceAndARemovedUserIsOut() {
        var session = session(PASSWORD);
        assertThat(get(session, "/policies/new")).hasStatusOk();

        asAdministrator(() -> users.changeRoles(id, List.of("viewer")));
        assertThat(get(session, "/policies/new")).hasStatus(403);

        asAdministrator(() -> users.delete(id));
        assertThat(get(session, "/policies")).hasRedirectedUrl("/login");
    }

    @Test
    void signingOutIsAPost() {
        var session = session(PASSWORD);

        assertThat(get(session, "/logout")).hasStatus4xxClientError();
        assertThat(get(session, "/policies")).hasStatusOk();
        assertThat(mvc.post().uri("/logout").session(session).with(csrf()).exchange())
                .hasRedirectedUrl("/login?goodbye");
    }

    @Test
    void anExpiredSessionMakesHtmxLoadTheWholePage() {
        assertThat(mvc.get().uri("/policies").header("HX-Request", "true").exchange())
                .hasStatus(401)
                .hasHeader("HX-Refresh", "true");
    }

    @Test
    void thePolicyOfThePageForbidsScriptsInIt() {
        String policy =
                mvc.get()
                        .uri("/login")
                        .exchange()
                        .getResponse()
                        .getHeader("Content-Security-Policy");
        assertThat(policy)
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    private MockHttpSession session(String password) {
        return session(signIn(new MockHttpSession(), password));
    }

    /** The session a request left behind. */
    private static MockHttpSession session(MvcTestResult result) {
        if (result.getRequest().getSession(false) instanceof MockHttpSession session) {
            return session;
        }
        throw new AssertionError("no session");
    }

    private MvcTestResult signIn(MockHttpSession session, String password) {
        return mvc.post()
                .uri("/login")
                .session(session)
                .with(csrf())
                .param("username", NAME)
                .param("password", password)
                .exchange();
    }

    private MvcTestResult get(MockHttpSession session, String path) {
        return mvc.get().uri(path).session(session).accept("text/html").exchange();
    }

    private MvcTestResult change(
            MockHttpSession session, String present, String wanted, String again) {
        return mvc.post()
                .uri("/password")
                .session(session)
                .with(csrf())
                .param("present", present)
                .param("wanted", wanted)
                .param("again", again)
                .exchange();
    }

    private static void asAdministrator(Runnable work) {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("test", null, "users:write"));
        try {
            work.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}
