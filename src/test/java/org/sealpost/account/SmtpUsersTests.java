package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TlsDialogue;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Mail accounts made over the API sign in to the real submission listener. */
@RunningSealpost
class SmtpUsersTests {

    private static final String PATH = "/api/v1/smtp-users";
    private static final String PASSWORD = "correct horse ä";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;

    SmtpUsersTests(@Value("${local.server.port}") int http, Listeners listeners, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, a@sender.example,        250",
        "LOGIN, A@Sender.Example,        250",
        "PLAIN, b@sender.example,        553",
        "PLAIN, any@domain.example,      250",
        "PLAIN, any@sub.domain.example,  553",
        "PLAIN, any@x.parent.example,    250",
        "LOGIN, any@parent.example,      553",
        "PLAIN, '',                      553"
    })
    void anAccountSendsOnlyAsItsSenders(String mechanism, String sender, int code)
            throws Exception {
        String name =
                create(
                        "\"a@sender.example\",\"@domain.example\",\".PARENT.example\",\"a@sender.example\"");

        try (var client = TlsDialogue.starttls(submission())) {
            assertThat(
                            mechanism.equals("PLAIN")
                                    ? client.authPlain(name, PASSWORD)
                                    : client.authLogin(name, PASSWORD))
                    .isEqualTo("235 2.7.0 Authentication successful");
            assertThat(client.say("MAIL FROM:<" + sender + ">")).startsWith(code + " ");
        }
    }

    @Test
    void aWrongPasswordIsRefusedAndGuessingIsSlowed() throws Exception {
        String name = create("");

        try (var client = TlsDialogue.starttls(submission())) {
            for (int i = 0; i < 10; i++) {
                assertThat(
                                i % 2 == 0
                                        ? client.authPlain(name, "wrong")
                                        : client.authLogin(name, "wrong"))
                        .isEqualTo("535 5.7.8 Error: authentication failed");
            }
            assertThat(client.authPlain(name, PASSWORD)).startsWith("454 4.7.0 ");
        }
    }

    @Test
    void aChangeActsOnTheNextSignIn() throws Exception {
        String name = create("\"@old.example\"");
        change(name, "{\"senders\":[\"@new.example\"]}");

        try (var client = TlsDialogue.starttls(submission())) {
            assertThat(client.authPlain(name, PASSWORD)).startsWith("235 ");
            assertThat(client.say("MAIL FROM:<a@old.example>")).startsWith("553 5.7.1 ");
            assertThat(client.say("MAIL FROM:<a@new.example>")).startsWith("250 ");
        }
        JsonNode changed =
                change(name, "{\"username\":\"%s\",\"password\":\"new password\"}".formatted(name));
        assertThat(changed.at("/senders/0").asString()).isEqualTo("@new.example");
        try (var client = TlsDialogue.starttls(submission())) {
            assertThat(client.authPlain(name, PASSWORD)).startsWith("535 ");
            assertThat(client.authPlain(name, "new password")).startsWith("235 ");
        }
        assertThat(admin.json("DELETE", PATH + "/" + name, null).statusCode()).isEqualTo(204);
        try (var client = TlsDialogue.starttls(submission())) {
            assertThat(client.authPlain(name, "new password")).startsWith("535 ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"username\":\"short\",\"password\":\"1234567\"}                              | 422 | password",
                "{\"username\":\"none\"}                                                        | 422 | password",
                "{\"username\":\"samename\",\"password\":\"SameName\"}                           | 422 | password",
                "{\"username\":\"control\",\"password\":\"1234567\\u0000\"}                      | 422 | password",
                "{\"username\":\"\",\"password\":\"long enough\"}                               | 422 | username",
                "{\"username\":\"..\",\"password\":\"long enough\"}                             | 422 | username",
                "{\"username\":\"a b\",\"password\":\"long enough\"}                            | 422 | username",
                "{\"username\":\"s1\",\"password\":\"long enough\",\"senders\":[\"a@b\",\"x y\"]} | 422 | senders[1]",
                "{\"username\":\"s2\",\"password\":\"long enough\",\"senders\":[\"@\"]}          | 422 | senders[0]",
                "{\"username\":\"s3\",\"password\":\"long enough\",\"senders\":[null]}           | 422 | senders[0]",
                "{\"username\":\"s4\",\"password\":\"long enough\",\"sender\":[]}                | 422 | sender",
                "{\"username\":                                                              | 400 | -"
            })
    void badInputIsRefusedWithItsField(String body, int status, String field) throws Exception {
        HttpResponse<String> response = admin.json("POST", PATH, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        if (!field.equals("-")) {
            assertThat(json.readTree(response.body()).at("/errors/0/field").asString())
                    .isEqualTo(field);
        }
    }

    @Test
    void isCreatedOnceReadChangedAndRemovedWithItsVersion() throws Exception {
        String name = "app+1@host" + NAMES.incrementAndGet() + ".example";
        String body =
                "{\"username\":\"%s\",\"password\":\"%s\",\"senders\":[\"sender.example\"]}"
                        .formatted(name, PASSWORD);

        HttpResponse<String> created = admin.json("POST", PATH, body);
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.body()).contains("\"@sender.example\"").doesNotContain("assword");
        String path = created.headers().firstValue("Location").orElseThrow();
        String tag = created.headers().firstValue("ETag").orElseThrow();
        assertThat(admin.get(path).headers().firstValue("ETag")).contains(tag);
        assertThat(admin.get(PATH).body()).contains(name).doesNotContain("assword");
        assertThat(admin.json("POST", PATH, body).statusCode()).isEqualTo(409);

        assertThat(admin.json("PUT", path, "{\"senders\":[]}", "If-Match", tag).statusCode())
                .isEqualTo(200);
        assertThat(admin.json("PUT", path, "{\"senders\":[]}", "If-Match", tag).statusCode())
                .isEqualTo(412);
        assertThat(admin.json("DELETE", path, null, "If-Match", tag).statusCode()).isEqualTo(412);
        assertThat(admin.json("PUT", path, "{\"username\":\"other\"}").statusCode()).isEqualTo(422);
        assertThat(admin.json("DELETE", path, null).statusCode()).isEqualTo(204);
        assertThat(admin.json("DELETE", path, null).statusCode()).isEqualTo(404);

        String audit = admin.get("/api/v1/audit?q=smtp-user").body();
        assertThat(audit)
                .contains("smtp-user.created", "smtp-user.changed", "smtp-user.removed", name)
                .doesNotContain(PASSWORD, "argon2");
    }

    private String create(String senders) throws Exception {
        String name = "account" + NAMES.incrementAndGet();
        HttpResponse<String> response =
                admin.json(
                        "POST",
                        PATH,
                        "{\"username\":\"%s\",\"password\":\"%s\",\"senders\":[%s]}"
                                .formatted(name, PASSWORD, senders));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return name;
    }

    private JsonNode change(String name, String body) throws Exception {
        HttpResponse<String> response = admin.json("PUT", PATH + "/" + name, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }

    private int submission() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("submission"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
