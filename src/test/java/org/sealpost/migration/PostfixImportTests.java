package org.sealpost.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.policy.TlsSettings;
import org.sealpost.queue.RetrySettings;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.SettingsSection;
import org.sealpost.testing.GoldenFiles;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.tls.TlsLevel;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whole Postfix configurations through the API. */
@RunningSealpost
class PostfixImportTests {

    private static final String IMPORT = "/api/v1/postfix/import";

    private final HttpCaller admin;
    private final JsonMapper json;
    private final Settings settings;
    private List<Runnable> restore = List.of();

    PostfixImportTests(
            @Value("${local.server.port}") int http, JsonMapper json, Settings settings) {
        this.admin = HttpCaller.administrator(http);
        this.json = json;
        this.settings = settings;
    }

    @BeforeEach
    void rememberSettings() throws Exception {
        restore =
                List.of(
                        restoring(TlsSettings.SECTION),
                        restoring(GeneralSettings.SECTION),
                        restoring(RelaySettings.SECTION),
                        restoring(RetrySettings.SECTION));
        emptyTables();
    }

    @AfterEach
    void restoreSettings() throws Exception {
        var administrator = new TestingAuthenticationToken("test", "", "settings:write");
        SecurityContextHolder.getContext().setAuthentication(administrator);
        restore.forEach(Runnable::run);
        SecurityContextHolder.clearContext();
        emptyTables();
    }

    static Stream<Path> cases() {
        return GoldenFiles.in("postfix-import");
    }

    /** A case is a folder with the parts; any other file in it is attached. */
    @ParameterizedTest
    @MethodSource("cases")
    void plansEveryConfigurationAsWanted(Path in) throws Exception {
        var parts = new TreeMap<String, String>();
        try (Stream<Path> files = Files.list(in)) {
            for (Path file : files.toList()) {
                parts.put(file.getFileName().toString(), Files.readString(file));
            }
        }

        HttpResponse<String> response = post("", parts);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        GoldenFiles.check(in, text(json.readTree(response.body())));
    }

    @Test
    void theHowToPageIsAppliedAsFarAsItIsSafe() throws Exception {
        var parts = howTo();

        HttpResponse<String> refused = post("?dry-run=false", parts);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(json.readTree(refused.body()).at("/policies/errors/0/remedy").asString())
                .contains("match=");
        assertThat(refused.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        JsonNode problem = json.readTree(refused.body());
        assertThat(problem.propertyNames())
                .contains("type", "title", "detail", "parameters", "routes", "certificates");
        assertThat(problem.get("remedy").asString()).contains("skip-refused=true");
        assertThat(problem.at("/errors/0/field").asString()).startsWith("tls_policy line ");
        assertThat(settings.get(TlsSettings.SECTION).mandatoryExcludeCiphers()).isEmpty();
        assertThat(rules()).isEmpty();

        HttpResponse<String> applied = post("?dry-run=false&skip-refused=true", parts);
        assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
        TlsSettings tls = settings.get(TlsSettings.SECTION);
        assertThat(tls.level()).isEqualTo(TlsLevel.MAY);
        assertThat(tls.mandatoryProtocols()).isEqualTo(">=TLSv1.2");
        assertThat(tls.protocols()).isEqualTo(">=TLSv1.2");
        assertThat(tls.ciphers()).isEqualTo("medium");
        assertThat(tls.mandatoryExcludeCiphers()).isEqualTo("RC4:MD5");
        assertThat(tls.excludeCiphers()).isEqualTo("aNULL");
        assertThat(tls.noteStarttlsOffer()).isTrue();
        JsonNode rule =
                json.readTree(admin.get("/api/v1/policies/lookup?next-hop=example.com").body())
                        .get("policy");
        assertThat(rule.at("/attributes/protocols").asString()).isEqualTo(">=TLSv1.2");
        assertThat(rule.get("note").asString()).contains("protocols=TLSv1");
    }

    @Test
    void settingsRulesAndRoutesActAtOnce() throws Exception {
        var parts = new TreeMap<String, String>();
        parts.put(
                "main.cf",
                """
                myhostname = mx.example.test
                mynetworks = 127.0.0.0/8 [::1]/128 192.0.2.0/24
                relay_domains = example.com
                relayhost = [smart.example]:587
                minimal_backoff_time = 10m
                maximal_queue_lifetime = 3d
                smtp_tls_security_level = encrypt
                transport_maps = hash:/etc/postfix/transport
                """);
        parts.put("transport", "example.com smtp:[inside.example]\n");
        parts.put("tls_policy", "[smart.example]:587 secure\n");

        HttpResponse<String> response = post("?dry-run=false", parts);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(settings.get(GeneralSettings.SECTION).hostname()).isEqualTo("mx.example.test");
        assertThat(settings.get(RelaySettings.SECTION).domains()).containsExactly("example.com");
        assertThat(settings.get(RetrySettings.SECTION).firstRetry()).hasMinutes(10);
        assertThat(settings.get(TlsSettings.SECTION).clearTextFallback().after()).hasMinutes(10);
        assertThat(lookup("someone@elsewhere.example").at("/effective/level").asString())
                .isEqualTo("secure");
        assertThat(lookup("someone@example.com").at("/nextHop").asString())
                .isEqualTo("[inside.example]");
        assertThat(lookup("someone@example.com").at("/effective/level").asString())
                .isEqualTo("encrypt");

        JsonNode again = json.readTree(post("", parts).body());
        assertThat(again.at("/policies/unchanged").asInt()).isEqualTo(1);
        assertThat(again.at("/routes/unchanged").asInt()).isEqualTo(2);
    }

    @Test
    void whatGetsWeakerIsToldBeforeAndKeptWithTheReasonAfterwards() throws Exception {
        settings(tls -> tls.put("level", "encrypt"));
        admin.send("POST", "/api/v1/policies/import", "a.example secure\n", "text/plain");
        Map<String, String> parts = mainCf("smtp_tls_security_level = may");
        parts.put("tls_policy", "a.example encrypt\nb.example secure\nc.example none\n");

        JsonNode plan = json.readTree(post("", parts).body());

        assertThat(plan.get("weaker").toString())
                .isEqualTo(
                        "[{\"object\":\"settings\",\"name\":\"tls\",\"reasons\":"
                                + "[\"The level falls from encrypt to may.\"]},"
                                + "{\"object\":\"policy\",\"name\":\"a.example\",\"reasons\":"
                                + "[\"The level falls from secure to encrypt.\"]},"
                                + "{\"object\":\"policy\",\"name\":\"c.example\",\"reasons\":"
                                + "[\"The level falls from encrypt to none.\"]}]");

        var applied = post("?dry-run=false", parts, "X-Change-Reason", "as the old relay had it");
        assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
        JsonNode entries = json.readTree(admin.get("/api/v1/audit?size=5").body()).get("items");
        assertThat(entries.valueStream().map(one -> one.at("/after/reason").asString()))
                .containsOnly("as the old relay had it");
        assertThat(entries.valueStream().map(one -> one.at("/after/weaker/0").asString("")))
                .contains(
                        "The level falls from encrypt to may.",
                        "The level falls from secure to encrypt.",
                        "The level falls from encrypt to none.");
    }

    /** Excluding what TLS 1.2 has leaves nothing for a rule that stops at TLS 1.2. */
    @Test
    void rulesAreCheckedAgainstTheDefaultsThatComeWithThem() throws Exception {
        var parts = mainCf("smtp_tls_exclude_ciphers = AES:CHACHA20:ARIA:CAMELLIA");
        parts.put("tls_policy", "a.example encrypt protocols=<=TLSv1.2\n");

        for (String query : List.of("", "?dry-run=false")) {
            JsonNode report = json.readTree(post(query, parts).body());
            assertThat(report.at("/policies/errors/0/message").asString())
                    .as(query)
                    .contains("leave no cipher suite");
        }

        settings(tls -> tls.put("excludeCiphers", "AES:CHACHA20:ARIA:CAMELLIA"));
        parts.put("main.cf", "smtp_tls_exclude_ciphers = RC4\n");
        HttpResponse<String> applied = post("?dry-run=false", parts);
        assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    }

    private void settings(Consumer<ObjectNode> change) throws Exception {
        var tls = (ObjectNode) json.readTree(admin.get("/api/v1/settings/tls").body());
        change.accept(tls);
        assertThat(admin.json("PUT", "/api/v1/settings/tls", tls.toString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void withoutTheParameterNothingIsApplied() throws Exception {
        HttpResponse<String> response = post("", mainCf("smtp_tls_security_level = encrypt"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json.readTree(response.body()).get("applied").asBoolean()).isFalse();
        assertThat(settings.get(TlsSettings.SECTION).level()).isEqualTo(TlsLevel.MAY);
    }

    @Test
    void aFailureInTheMiddleLeavesNothingBehind() throws Exception {
        Map<String, String> parts = mainCf("myhostname = other.example.test");
        parts.put("tls_policy", "a.example encrypt\nb.example secret\n");

        assertThat(post("?dry-run=false", parts).statusCode()).isEqualTo(422);

        assertThat(settings.get(GeneralSettings.SECTION).hostname())
                .isNotEqualTo("other.example.test");
        assertThat(rules()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"?dry-run=maybe, main.cf, 400", "'', other.cf, 400"})
    void aRequestThatIsNotUnderstoodIsRefused(String query, String part, int status)
            throws Exception {
        HttpResponse<String> response =
                admin.send("POST", IMPORT + query, part(part, "x = y\n") + "--b--\r\n", FORM);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    private static final String FORM = "multipart/form-data; boundary=b";

    static Map<String, String> howTo() throws IOException {
        var parts = new TreeMap<String, String>();
        Path folder = Path.of("src/test/resources/postfix-import/how-to-page.in");
        for (String name : List.of("main.cf", "tls_policy")) {
            parts.put(name, Files.readString(folder.resolve(name)));
        }
        return parts;
    }

    private static Map<String, String> mainCf(String text) {
        var parts = new TreeMap<String, String>();
        parts.put("main.cf", text + "\n");
        return parts;
    }

    private HttpResponse<String> post(String query, Map<String, String> files, String... headers)
            throws Exception {
        var body = new StringBuilder();
        files.forEach((name, text) -> {
            boolean part =
                    List.of("main.cf", "master.cf", "tls_policy", "transport").contains(name);
            body.append(
                    part
                            ? part(name, text)
                            : part("file\"; filename=\"/etc/postfix/" + name, text));
        });
        return admin.send("POST", IMPORT + query, body + "--b--\r\n", FORM, headers);
    }

    private static String part(String name, String text) {
        String filename = name.contains("filename") ? "" : "\"; filename=\"" + name;
        return "--b\r\nContent-Disposition: form-data; name=\""
                + name
                + filename
                + "\"\r\n\r\n"
                + text
                + "\r\n";
    }

    /** A report as people read it. */
    private static String text(JsonNode report) {
        var text = new StringBuilder();
        for (JsonNode one : report.get("parameters")) {
            text.append(one.get("outcome").asString())
                    .append(" | ")
                    .append(one.get("name").asString())
                    .append(" = ")
                    .append(one.get("value").asString())
                    .append("\n  ")
                    .append(one.get("explanation").asString())
                    .append("\n");
        }
        for (String name : List.of("policies", "routes")) {
            JsonNode part = report.get(name);
            text.append(
                    "== %s: %d added, %d changed, %d unchanged\n"
                            .formatted(
                                    name,
                                    part.get("added").asInt(),
                                    part.get("changed").asInt(),
                                    part.get("unchanged").asInt()));
            for (JsonNode error : part.get("errors")) {
                text.append(
                        "line %d: %s\n  %s\n  %s\n"
                                .formatted(
                                        error.get("line").asInt(),
                                        error.get("text").asString(),
                                        error.get("message").asString(),
                                        error.get("remedy").asString()));
            }
        }
        report.get("certificates")
                .forEach(one -> text.append("certificate ").append(one).append("\n"));
        report.get("listeners").forEach(one -> text.append("listener ").append(one).append("\n"));
        report.get("weaker").forEach(one -> text.append("weaker ").append(one).append("\n"));
        return text.toString();
    }

    private JsonNode lookup(String recipient) throws Exception {
        return json.readTree(admin.get("/api/v1/policies/lookup?recipient=" + recipient).body());
    }

    private JsonNode rules() throws Exception {
        return json.readTree(admin.get("/api/v1/policies").body()).get("items");
    }

    private void emptyTables() throws Exception {
        admin.send("POST", "/api/v1/policies/import?mode=replace", "", "text/plain");
        for (JsonNode route : json.readTree(admin.get("/api/v1/routes").body()).get("items")) {
            admin.json("DELETE", "/api/v1/routes/" + route.get("id").asLong(), null);
        }
    }

    private <T> Runnable restoring(SettingsSection<T> section) {
        T before = settings.get(section);
        return () -> settings.update(section, before, null);
    }
}
