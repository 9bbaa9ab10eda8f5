package org.sealpost.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sealpost.settings.SealpostHome;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What happens over HTTP is in the audit trail and in its forced copy when the answer is there. */
@RunningSealpost
class AuditTests {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String PASSWORD = "A-long-Secret-7";

    private final HttpCaller admin;
    private final Path folder;
    private final JsonMapper json;

    AuditTests(@Value("${local.server.port}") int http, SealpostHome home, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.folder = home.resolve("audit");
        this.json = json;
    }

    @Test
    void aChangeIsInTheTrailAndInTheFileWithoutItsSecret() throws Exception {
        String name = createUser("viewer");

        JsonNode entry = trail("user.created").getFirst();
        assertThat(entry.at("/actor").asString()).isEqualTo("admin");
        assertThat(entry.at("/address").asString()).isEqualTo("127.0.0.1");
        assertThat(entry.at("/before").isNull()).isTrue();
        assertThat(entry.at("/after/username").asString()).isEqualTo(name);
        assertThat(entry.at("/after/roles/0").asString()).isEqualTo("viewer");
        assertThat(copied()).anyMatch(line -> line.startsWith(openEnded(entry)));
        assertThat(String.join("\n", copied())).doesNotContain(PASSWORD, "argon2");
    }

    @Test
    void aProgramsSignInsAreOneEntryAndSoAreItsFailures() throws Exception {
        String name = createUser("viewer");

        for (int i = 0; i < 3; i++) {
            assertThat(admin.as(name, PASSWORD).get("/api/v1/policies").statusCode())
                    .isEqualTo(200);
            assertThat(admin.as(name, "wrong").get("/api/v1/policies").statusCode()).isEqualTo(401);
        }

        assertThat(actions(name)).containsExactlyInAnyOrder("login.succeeded", "login.failed");
        assertThat(trail(name).getFirst().at("/object").asString()).isEqualTo("api");
        JsonNode newest = trail(name).getFirst();
        assertThat(copied()).anyMatch(line -> line.startsWith(openEnded(newest)));
    }

    @Test
    void whatAnUnknownUserTypedIsNotKept() throws Exception {
        String typed = "My-Password-In-The-Wrong-Field" + NAMES.incrementAndGet();

        assertThat(admin.as(typed, "x").get("/api/v1/policies").statusCode()).isEqualTo(401);

        assertThat(trail("login.failed"))
                .anySatisfy(
                        one -> assertThat(one.at("/actor").asString()).isEqualTo("unknown user"));
        assertThat(String.join("\n", copied())).doesNotContain(typed);
    }

    @Test
    void denialsNameTheRequest() throws Exception {
        String name = createUser("viewer");
        HttpCaller viewer = admin.as(name, PASSWORD);

        for (int id = 1; id < 4; id++) {
            assertThat(viewer.json("DELETE", "/api/v1/policies/" + id, null).statusCode())
                    .isEqualTo(403);
        }
        assertThat(viewer.get("/actuator/prometheus").statusCode()).isEqualTo(403);

        assertThat(trail(name))
                .filteredOn(one -> one.at("/action").asString().equals("access.denied"))
                .extracting(one -> one.at("/object").asString())
                .containsExactly("GET /actuator/prometheus", "DELETE /api/v1/policies/1");
    }

    @Test
    void aChangeWhoseCopyFailsIsNotAnsweredAsDone() throws Exception {
        createUser("viewer");
        assertThat(admin.get("/api/v1/settings/relay").statusCode()).isEqualTo(200); // in memory
        Path aside = folder.resolveSibling("audit-aside");
        Files.move(folder, aside);
        Files.writeString(folder, "a file where the folder should be");
        String name = "copy" + NAMES.incrementAndGet();
        HttpResponse<String> failed;
        HttpResponse<String> settings;
        try {
            failed = create(name, "viewer");
            settings = relay("copy.example");
        } finally {
            Files.delete(folder);
            Files.move(aside, folder);
        }

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(json.readTree(failed.body()).at("/type").asString())
                .isEqualTo("/problems/audit-copy-failed");
        assertThat(settings.statusCode()).isEqualTo(500);
        assertThat(admin.get("/api/v1/settings/relay").body()).contains("copy.example");
        assertThat(relay("").statusCode()).isEqualTo(200);
        assertThat(copied()).anyMatch(line -> line.contains(name)); // owed, and paid with the next
    }

    @Test
    void theTrailIsProvedAndExported() throws Exception {
        String name = createUser("auditor");
        HttpCaller auditor = admin.as(name, PASSWORD);

        JsonNode report = json.readTree(auditor.get("/api/v1/audit/verification").body());
        HttpResponse<String> export = auditor.get("/api/v1/audit/export?q=" + name);

        assertThat(report.at("/findings").isEmpty()).as(report.toString()).isTrue();
        assertThat(report.at("/intact").asBoolean()).isTrue();
        assertThat(copied()).anyMatch(line -> line.contains(report.at("/head").asString()));
        assertThat(export.body().lines().map(line -> json.readTree(line).at("/id").asLong()))
                .containsExactlyElementsOf(
                        trail(name).reversed().stream()
                                .map(one -> one.at("/id").asLong())
                                .toList());
    }

    /** A line of the files, up to its link. */
    private static String openEnded(JsonNode entry) {
        String line = entry.toString();
        return line.substring(0, line.length() - 1) + ",\"chain\":\"";
    }

    private HttpResponse<String> relay(String domain) throws Exception {
        return admin.json(
                "PUT",
                "/api/v1/settings/relay",
                "{\"networks\":[\"127.0.0.0/8\",\"::1/128\"],\"domains\":[%s]}"
                        .formatted(domain.isEmpty() ? "" : "\"" + domain + "\""));
    }

    private String createUser(String role) throws Exception {
        String name = "audited" + NAMES.incrementAndGet() + "x";
        HttpResponse<String> response = create(name, role);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return name;
    }

    private HttpResponse<String> create(String name, String role) throws Exception {
        return admin.json(
                "POST",
                "/api/v1/users",
                "{\"username\":\"%s\",\"password\":\"%s\",\"roles\":[\"%s\"]}"
                        .formatted(name, PASSWORD, role));
    }

    /** The entries whose actor, action or object holds the text, newest first. */
    private List<JsonNode> trail(String text) throws Exception {
        var items = new ArrayList<JsonNode>();
        json.readTree(admin.get("/api/v1/audit?q=" + text).body()).get("items").forEach(items::add);
        return items;
    }

    private List<String> actions(String text) throws Exception {
        return trail(text).stream().map(one -> one.at("/action").asString()).toList();
    }

    private List<String> copied() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            var lines = new ArrayList<String>();
            for (Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
            }
            return lines;
        }
    }
}
