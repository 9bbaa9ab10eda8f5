package org.sealpost.policy.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.settings.SealpostHome;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Export and import of the policy table over the API. */
@RunningSealpost
class PolicyImportTests {

    private static final String IMPORT = "/api/v1/policies/import";

    private final int port;
    private final HttpCaller admin;
    private final SealpostHome home;
    private final JsonMapper json;

    PolicyImportTests(@Value("${local.server.port}") int http, SealpostHome home, JsonMapper json) {
        this.home = home;
        this.port = http;
        this.admin = HttpCaller.administrator(http);
        this.json = json;
    }

    @BeforeEach
    @AfterEach
    void emptyTable() throws Exception {
        assertThat(post(IMPORT + "?mode=replace", "").statusCode()).isEqualTo(200);
    }

    @Test
    void mergeLeavesOtherRulesAndReplaceRemovesThem() throws Exception {
        assertThat(counts(post(IMPORT, "a.example may\nb.example encrypt\n"))).isEqualTo("2 0 0 0");

        assertThat(counts(post(IMPORT + "?mode=merge", "b.example secure\nc.example may\n")))
                .isEqualTo("1 1 0 0");
        assertThat(counts(post(IMPORT + "?mode=replace", "C.Example may\n"))).isEqualTo("0 0 2 1");
        assertThat(total()).isEqualTo(1);
    }

    @Test
    void aRehearsalChangesNothing() throws Exception {
        var response = post(IMPORT + "?mode=replace&dry-run=true", "a.example may\nb.example x\n");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(counts(response)).isEqualTo("1 0 0 0");
        assertThat(json.readTree(response.body()).at("/errors/0/line").asInt()).isEqualTo(2);
        assertThat(total()).isZero();
    }

    @Test
    void oneErrorChangesNothingAndAllAreReported() throws Exception {
        post(IMPORT, "kept.example secure\n");

        var response =
                post(
                        IMPORT + "?mode=replace",
                        "a.example may\n\nb.example\n  encrypt ciphers=null\nc.example secret\n"
                                + "d.example fingerprint AA:BB\n[example.com]:25 encrypt"
                                + " protocols=TLSv1\n");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        JsonNode problem = json.readTree(response.body());
        assertThat(problem.propertyNames())
                .contains("title", "added", "changed", "removed", "unchanged");
        assertThat(problem.get("type").asString()).isEqualTo("/problems/import-refused");
        assertThat(problem.get("status").asInt()).isEqualTo(422);
        assertThat(problem.get("detail").asString()).startsWith("4 entries of the file");
        assertThat(problem.get("remedy").asString()).isNotBlank();
        assertThat(problem.get("added").asInt()).isEqualTo(1);
        JsonNode errors = json.readTree(response.body()).get("errors");
        assertThat(errors.findValuesAsString("line")).containsExactly("3", "5", "6", "7");
        assertThat(errors.at("/0/text").asString()).isEqualTo("b.example encrypt ciphers=null");
        assertThat(errors.findValuesAsString("remedy")).allMatch(remedy -> !remedy.isEmpty());
        assertThat(errors.at("/2/remedy").asString()).contains("match=");
        assertThat(total()).isEqualTo(1);
    }

    @Test
    void whatIsExportedComesBackUnchanged() throws Exception {
        String file =
                """
                # Contract 17
                z.example secure match=nexthop:dot-nexthop
                # sealpost: {"mode":"disabled"}
                # sealpost-only: .a.example encrypt protocols=>=TLSv1.3
                # sealpost: {"connect":"implicit"}
                [m.example]:4650 encrypt exclude=
                """;
        post(IMPORT, file);
        HttpResponse<String> export = admin.get("/api/v1/policies/export", "Accept", "text/plain");

        assertThat(export.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/plain");
        assertThat(export.body())
                .startsWith("# TLS policy table")
                .containsSubsequence(
                        "\n# sealpost: {\"note\":\"Contract 17\"}\nz.example secure",
                        "\n# sealpost: {\"mode\":\"disabled\"}\n# sealpost-only: .a.example",
                        "\n# sealpost: {\"connect\":\"implicit\"}\n[m.example]:4650 encrypt exclude=\n");
        assertThat(counts(post(IMPORT + "?mode=replace", export.body()))).isEqualTo("0 0 0 3");
    }

    @Test
    void anImportIsAudited() throws Exception {
        post(IMPORT, "audited.example encrypt\n");

        JsonNode entry = json.readTree(admin.get("/api/v1/audit?size=1").body()).at("/items/0");

        assertThat(entry.get("action").asString()).isEqualTo("policy.imported");
        assertThat(entry.at("/after/nextHop").asString()).isEqualTo("audited.example");
    }

    @ParameterizedTest
    @CsvSource({
        "?mode=both,         text/plain,       400",
        "?dry-run=ja,        text/plain,       400",
        "'',                 application/json, 415"
    })
    void aRequestThatIsNotUnderstoodIsRefused(String query, String type, int status)
            throws Exception {
        var response = admin.send("POST", IMPORT + query, "a.example may\n", type);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(total()).isZero();
    }

    @Test
    void whoMayNotWriteRulesMayNotImportThemAndOnlyAnAdministratorNamesFiles() throws Exception {
        HttpCaller viewer = user("viewer");
        HttpCaller editor = user("policy-editor");

        assertThat(viewer.send("POST", IMPORT, "a.example may\n", "text/plain").statusCode())
                .isEqualTo(403);
        assertThat(viewer.get("/api/v1/policies/export").statusCode()).isEqualTo(200);
        assertThat(editor.send("POST", IMPORT, "a.example may\n", "text/plain").statusCode())
                .isEqualTo(200);
        Path trust = Files.createDirectories(home.resolve("trust"));
        Files.writeString(trust.resolve("partner.pem"), TestCa.create().pem());
        String file = "b.example secure tafile=partner.pem\n";

        var named = editor.send("POST", IMPORT, file, "text/plain");
        assertThat(named.statusCode()).isEqualTo(422);
        assertThat(named.body()).contains("Only an administrator may name a file.");
        assertThat(counts(post(IMPORT, file))).isEqualTo("1 0 0 0");
        // What stands there already is no change, so the editor may send the whole table again.
        String export = editor.get("/api/v1/policies/export").body();
        assertThat(counts(editor.send("POST", IMPORT + "?mode=replace", export, "text/plain")))
                .isEqualTo("0 0 0 2");
    }

    /** The file that an administrator let a rule trust stays while an editor changes the rest. */
    @Test
    void anEditorChangesARuleThatNamesAFileButNotTheFile() throws Exception {
        HttpCaller editor = user("policy-editor");
        Path trust = Files.createDirectories(home.resolve("trust"));
        Files.writeString(trust.resolve("one.pem"), TestCa.create().pem());
        Files.writeString(trust.resolve("two.pem"), TestCa.create().pem());
        post(IMPORT, "held.example secure tafile=one.pem\n");
        String rule =
                "/api/v1/policies/"
                        + json.readTree(admin.get("/api/v1/policies?q=held.example").body())
                                .at("/items/0/id")
                                .asLong();

        assertThat(put(editor, rule, "held.example", "one.pem")).isEqualTo(200);
        assertThat(put(editor, rule, "held.example", "two.pem")).isEqualTo(422);
        assertThat(put(editor, rule, "other.example", "one.pem")).isEqualTo(422);
        assertThat(put(admin, rule, "held.example", "two.pem")).isEqualTo(200);
        assertThat(put(editor, rule, "held.example", "one.pem")).isEqualTo(422);
    }

    private static int put(HttpCaller caller, String rule, String nextHop, String file)
            throws Exception {
        return caller.json(
                        "PUT",
                        rule,
                        "{\"nextHop\":\"%s\",\"level\":\"verify\",\"attributes\":{\"tafile\":[\"%s\"]}}"
                                .formatted(nextHop, file))
                .statusCode();
    }

    private HttpCaller user(String role) throws Exception {
        String name = "import-" + role;
        admin.json(
                "POST",
                "/api/v1/users",
                "{\"username\":\"%s\",\"password\":\"Quite-Long-Enough-7\",\"roles\":[\"%s\"]}"
                        .formatted(name, role));
        return HttpCaller.anonymous(port).as(name, "Quite-Long-Enough-7");
    }

    private HttpResponse<String> post(String path, String file) throws Exception {
        return admin.send("POST", path, file, "text/plain");
    }

    private String counts(HttpResponse<String> response) {
        JsonNode report = json.readTree(response.body());
        return "%d %d %d %d"
                .formatted(
                        report.get("added").asInt(),
                        report.get("changed").asInt(),
                        report.get("removed").asInt(),
                        report.get("unchanged").asInt());
    }

    private int total() throws Exception {
        return json.readTree(admin.get("/api/v1/policies").body()).get("total").asInt();
    }
}
