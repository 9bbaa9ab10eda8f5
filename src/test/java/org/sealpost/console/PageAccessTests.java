package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.RunningSealpost;
import org.springframework.web.context.WebApplicationContext;

/** Pages that not everybody who is signed in may open (DESIGN 6.1, Accounts). */
@RunningSealpost
class PageAccessTests {

    private final WebApplicationContext application;

    PageAccessTests(WebApplicationContext application) {
        this.application = application;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/policies/new             | policies:write",
                "/routes/new               | routes:write",
                "/queue/all                | queue:write",
                "/users                    | users:read",
                "/users/new                | users:read,users:write",
                "/users/mail               | users:write",
                "/users/mail/edit          | users:write",
                "/users/1/second-factor    | users:read,users:write",
                "/users/1/disable          | users:read,users:write",
                "/users/sessions           | users:read",
                "/audit                    | audit:read",
                "/audit/verification       | audit:read"
            })
    void onlyWhoHasThePermissionGetsIn(String path, String permissions) {
        String[] needed = permissions.split(",", -1);

        assertThat(Pages.of(application, needed).get(path)).hasStatusOk();
        assertThat(Pages.of(application).get(path))
                .hasStatus(403)
                .bodyText()
                .contains("<nav", "Your roles do not include this.");
        if (needed.length > 1) {
            assertThat(Pages.of(application, needed[0]).get(path)).hasStatus(403);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/routes",
        "/users",
        "/users/mail",
        "/users/mail/delete",
        "/users/1/second-factor",
        "/users/1/disable?out=true",
        "/users/sessions/1/end",
        "/settings/relay",
        "/self-tests",
        "/self-tests/1/cancel",
        "/self-tests/batches",
        "/self-tests/batches/1/cancel",
        "/self-tests/schedules",
        "/self-tests/schedules/1/remove",
        "/live/watches",
        "/live/watches/1/end",
        "/live/watches/1/delete",
        "/policies/relax",
        "/policies/relax/1/end"
    })
    void whoMayOnlyLookCannotWrite(String path) {
        assertThat(
                        Pages.of(application, "users:read")
                                .post(
                                        path,
                                        Map.of(
                                                "username", "mallory",
                                                "password", "Correct-Battery-17",
                                                "roles", "administrator",
                                                "pattern", "mallory.example",
                                                "nextHop", "[evil.example]",
                                                "name", "[evil.example]",
                                                "version", "0")))
                .hasStatus(403);
    }

    @ParameterizedTest
    @CsvSource({
        "/",
        "/live",
        "/live/watches",
        "/queue",
        "/routes",
        "/policies",
        "/settings/general",
        "/self-tests",
        "/self-tests/batches"
    })
    void everybodyWhoIsSignedInMayLook(String path) {
        assertThat(Pages.of(application).get(path))
                .hasStatusOk()
                .bodyText()
                .doesNotContain("href=\"/audit\"", "href=\"/users\"");
    }
}
