package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.crypto.password.PasswordEncoder;
import tools.jackson.databind.json.JsonMapper;

/** How programs are let in over HTTP, kept out, and told why. */
@RunningSealpost
class WebSecurityTests {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final HttpCaller anonymous;
    private final HttpCaller admin;
    private final UserRows users;
    private final PasswordEncoder encoder;
    private final JsonMapper json;
    private final int http;

    WebSecurityTests(
            @Value("${local.server.port}") int http,
            UserRows users,
            PasswordEncoder encoder,
            JsonMapper json) {
        this.http = http;
        this.anonymous = HttpCaller.anonymous(http);
        this.admin = HttpCaller.administrator(http);
        this.users = users;
        this.encoder = encoder;
        this.json = json;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "application/json,                   Basic",
                "*/*,                                Basic",
                "'text/html,application/xhtml+xml',  -"
            })
    void nobodyIsAskedForAPasswordOnlyWhereNoBrowserWouldOpenItsDialog(
            String accept, String challenge) throws Exception {
        for (HttpCaller caller : new HttpCaller[] {anonymous, anonymous.as("guesser", "wrong")}) {
            HttpResponse<String> response = caller.get("/api/v1/policies", "Accept", accept);

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate").map(text -> "Basic"))
                    .isEqualTo(Optional.ofNullable(challenge));
            assertThat(response.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("application/problem+json");
            assertThat(json.readTree(response.body()).at("/remedy").asString()).isNotEmpty();
            assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void whoMustChooseAPasswordMayDoNothingElse() throws Exception {
        String name = "newcomer" + NAMES.incrementAndGet();
        users.saveAndFlush(
                new UserEntity(
                        name,
                        String.valueOf(encoder.encode("One-Time-Only-5")),
                        Set.of(Role.ADMINISTRATOR),
                        true,
                        Instant.EPOCH));
        HttpCaller newcomer = anonymous.as(name, "One-Time-Only-5");

        for (String path : new String[] {"/api/v1/policies", "/api/v1/users", "/v3/api-docs"}) {
            HttpResponse<String> response = newcomer.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(403);
            assertThat(json.readTree(response.body()).at("/remedy").asString())
                    .contains("password");
        }
        assertThat(newcomer.get("/actuator/prometheus").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Sec-Fetch-Site, same-origin,              201",
                "Sec-Fetch-Site, none,                     201",
                "Sec-Fetch-Site, same-site,                403",
                "Sec-Fetch-Site, cross-site,               403",
                "Origin,         http://127.0.0.1:{port},  201",
                "Origin,         https://127.0.0.1:{port}, 403",
                "Origin,         http://evil.example,      403",
                "Origin,         null,                     403"
            })
    void aForeignPageWritesNothingWithAPasswordTheBrowserRemembers(
            String header, String value, int status) throws Exception {
        String body =
                "{\"nextHop\":\"foreign%d.example\",\"level\":\"may\"}"
                        .formatted(NAMES.incrementAndGet());
        String filled = value.replace("{port}", String.valueOf(http));

        HttpResponse<String> response =
                admin.json("POST", "/api/v1/policies", body, header, filled);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(admin.get("/api/v1/policies", header, filled).statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void healthIsForEverybodyAndItsDetailsForWhoIsSignedIn() throws Exception {
        HttpResponse<String> anybody = anonymous.get("/actuator/health");
        HttpResponse<String> signedIn = admin.get("/actuator/health");

        assertThat(anybody.statusCode()).isEqualTo(200);
        assertThat(json.readTree(anybody.body())).isEqualTo(json.readTree("{\"status\":\"UP\"}"));
        assertThat(json.readTree(signedIn.body()).at("/components/db/status").asString())
                .isEqualTo("UP");
        assertThat(admin.as("guesser", "wrong").get("/actuator/health").statusCode())
                .isEqualTo(401);
        assertThat(anonymous.get("/actuator/prometheus").statusCode()).isEqualTo(401);
        assertThat(admin.get("/actuator/prometheus").body()).contains("jvm_memory_used_bytes");
        assertThat(admin.get("/actuator/env").statusCode()).isEqualTo(404);
    }
}
