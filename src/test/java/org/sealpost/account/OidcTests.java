package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;

/** Sign-in through an identity provider: a local authorization server of Spring's. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "sealpost.bootstrap.admin-password=Correct-Horse-9",
            "sealpost.bootstrap.hostname=relay.example.test",
            "sealpost.bootstrap.bind-address=127.0.0.1",
            "sealpost.node.smtp-port=0",
            "sealpost.node.smtps-port=0",
            "sealpost.node.submission-port=0",
            "sealpost.oidc.client-id=sealpost",
            "sealpost.oidc.client-secret=shared-with-the-provider",
            "sealpost.oidc.roles.mail-team=policy-editor",
            "sealpost.oidc.roles.[auditors/group]=auditor"
        })
@DirtiesContext
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class OidcTests {

    private static final IdentityServer PROVIDER = IdentityServer.start();

    private final int http;
    private final JdbcTemplate jdbc;

    OidcTests(@Value("${local.server.port}") int http, JdbcTemplate jdbc) {
        this.http = http;
        this.jdbc = jdbc;
    }

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry properties) {
        properties.add("sealpost.oidc.issuer", PROVIDER::issuer);
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    @Test
    void theGroupsDecideWhatSomebodyMayDo() throws Exception {
        PROVIDER.person("olga", List.of("mail-team", "unknown-group"));
        try (var browser = browser()) {
            assertThat(get(browser, sealpost("/login")).body())
                    .contains("/oauth2/authorization/sealpost");
            assertThat(signIn(browser, "olga")).isEqualTo(sealpost("/"));
            assertThat(get(browser, sealpost("/policies/new")).statusCode()).isEqualTo(200);
            assertThat(get(browser, sealpost("/users")).statusCode()).isEqualTo(403);
        }
        assertThat(actions("olga")).startsWith("user.created", "login.succeeded");

        PROVIDER.person("olga", List.of("auditors/group"));
        try (var browser = browser()) {
            assertThat(signIn(browser, "olga")).isEqualTo(sealpost("/"));
            assertThat(get(browser, sealpost("/policies/new")).statusCode()).isEqualTo(403);
            assertThat(get(browser, sealpost("/users")).statusCode()).isEqualTo(200);
        }
        assertThat(actions("olga")).contains("user.changed");

        jdbc.update("update app_user set disabled = true where username = 'olga'");
        try (var browser = browser()) {
            assertThat(signIn(browser, "olga")).isEqualTo(sealpost("/login?norole"));
            assertThat(get(browser, sealpost("/policies")).statusCode()).isEqualTo(302);
        }
    }

    @Test
    void whoHasNoGroupWithARoleGetsNoAccount() throws Exception {
        PROVIDER.person("nils", List.of("unknown-group"));
        try (var browser = browser()) {
            assertThat(signIn(browser, "nils")).isEqualTo(sealpost("/login?norole"));
            assertThat(get(browser, sealpost("/policies")).statusCode()).isEqualTo(302);
            assertThat(get(browser, sealpost("/login?norole")).body())
                    .contains("none of your groups has a role here");
        }
        assertThat(jdbc.queryForList("select * from app_user where username = 'nils'")).isEmpty();
    }

    @Test
    void aNameAtTheProviderDoesNotTakeOverAnAccountHere() throws Exception {
        PROVIDER.person("admin", List.of("mail-team"));
        try (var browser = browser()) {
            assertThat(signIn(browser, "admin")).isEqualTo(sealpost("/login?norole"));
        }
        assertThat(
                        jdbc.queryForList(
                                "select oidc_subject from app_user where username = 'admin'",
                                String.class))
                .containsOnlyNulls();
    }

    @Test
    void anAnswerNobodyAskedForIsRefused() throws Exception {
        try (var browser = browser()) {
            assertThat(
                            location(
                                    get(
                                            browser,
                                            sealpost(
                                                    "/login/oauth2/code/sealpost?code=stolen&state=guessed"))))
                    .isEqualTo(sealpost("/login?unreached"));
        }
    }

    /** Follows the redirects by hand; the provider knows the person by HTTP Basic. */
    private String signIn(HttpClient browser, String username)
            throws IOException, InterruptedException {
        String next = sealpost("/oauth2/authorization/sealpost");
        for (int hops = 0; hops < 6; hops++) {
            var request = HttpRequest.newBuilder(URI.create(next)).header("Accept", "text/html");
            if (next.startsWith(PROVIDER.issuer())) {
                request.header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                (username + ":password")
                                                        .getBytes(StandardCharsets.UTF_8)));
            }
            HttpResponse<String> response =
                    browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(next + "\n" + response.body()).isEqualTo(302);
            boolean cameBack = next.startsWith(sealpost("/login/oauth2/code/"));
            next = location(response);
            if (cameBack) {
                return next;
            }
        }
        throw new AssertionError("redirected too often, at last to " + next);
    }

    private List<String> actions(String username) {
        return jdbc.query(
                "select action from audit_entry where actor = ? order by id",
                (row, number) -> row.getString(1),
                username);
    }

    private static HttpResponse<String> get(HttpClient browser, String address)
            throws IOException, InterruptedException {
        return browser.send(
                HttpRequest.newBuilder(URI.create(address)).header("Accept", "text/html").build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElse("");
    }

    private String sealpost(String path) {
        return "http://127.0.0.1:" + http + path;
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }
}
