package org.sealpost.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation of the description, with everything wrong that a program may send: the answer is
 * one that the description names, never a failure of the server, and a refusal says what to do.
 */
@RunningSealpost
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTests {

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "0",
                    "-1",
                    "1.5",
                    "1e400",
                    "true",
                    "[]",
                    "[null]",
                    "[[]]",
                    "[1,\"x\"]",
                    "{}",
                    "\"\"",
                    "\" \"",
                    "\"x\"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"a\\nb\"",
                    "\"\u2603.example\"",
                    "\"" + "x".repeat(5000) + "\"",
                    "9223372036854775808");

    private static final List<String> BODIES =
            List.of(
                    "",
                    "null",
                    "[]",
                    "{}",
                    "1",
                    "\"x\"",
                    "{",
                    "{\"colour\":1}",
                    "[".repeat(3000),
                    "{\"a\":1,\"a\":2}");

    private static final List<String> WORDS =
            List.of("", "x", "-1", "99999999999999999999", "true", "%", "a\u0000b", "\u2603", "'");

    private final HttpCaller admin;
    private final JsonMapper json;
    private final JsonNode api;

    ConformanceTests(@Value("${local.server.port}") int http, JsonMapper json) throws Exception {
        this.admin = HttpCaller.administrator(http);
        this.json = json;
        this.api = json.readTree(admin.get("/v3/api-docs").body());
    }

    /** A method, the path as the description writes it, and what it says of it. */
    record Operation(String method, String path, JsonNode description) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    List<Operation> operations() {
        var all = new ArrayList<Operation>();
        api.path("paths")
                .forEachEntry((path, item) ->
                        item.forEachEntry((method, description) ->
                                all.add(
                                        new Operation(
                                                method.toUpperCase(Locale.ROOT),
                                                path,
                                                description))));
        return all;
    }

    @ParameterizedTest
    @MethodSource("operations")
    void answersOnlyWhatTheDescriptionNames(Operation operation) throws Exception {
        Map<String, String> before = kept(operation);
        var wrong = new LinkedHashSet<String>();
        List<String> paths = paths(operation);
        if (operation.description().has("requestBody")) {
            for (String body : bodies(operation)) {
                check(operation, paths.getFirst(), body, "application/json", wrong);
            }
            for (String path : paths) {
                check(operation, path, "{}", "application/json", wrong);
                check(operation, path, "--b\r\n", "multipart/form-data; boundary=b", wrong);
            }
            check(operation, paths.getFirst(), "x", "application/x-nonsense", wrong);
            check(operation, paths.getFirst(), "x", "multipart/form-data", wrong);
        } else {
            for (String path : paths) {
                check(operation, path, null, "", wrong);
            }
        }
        for (Map.Entry<String, String> one : before.entrySet()) {
            assertThat(admin.json("PUT", one.getKey(), one.getValue()).statusCode()).isEqualTo(200);
        }
        assertThat(wrong).isEmpty();
    }

    /** What other tests count on is put back. */
    private Map<String, String> kept(Operation operation) throws Exception {
        return switch (operation.toString()) {
            case "PUT /api/v1/settings/{section}" -> read("/api/v1/settings/retry");
            case "PUT /api/v1/listeners/{name}" -> read("/api/v1/listeners/smtps");
            default -> Map.of();
        };
    }

    private Map<String, String> read(String path) throws Exception {
        return Map.of(path, admin.get(path).body());
    }

    private void check(
            Operation operation, String path, @Nullable String body, String type, Set<String> wrong)
            throws Exception {
        String shown = operation.method() + " " + path + " " + shortened(body);
        if (operation.path().endsWith("/stream")) {
            int status = admin.status(operation.method(), path, body, type);
            if (!operation.description().path("responses").has(String.valueOf(status))) {
                wrong.add(shown + " -> " + status);
            }
            return;
        }
        HttpResponse<String> answer = admin.send(operation.method(), path, body, type);
        int status = answer.statusCode();
        boolean said = operation.description().path("responses").has(String.valueOf(status));
        boolean problem = status < 400 || isProblem(answer);
        if (status >= 500 || !said || !problem) {
            wrong.add(shown + " -> " + status + " " + shortened(answer.body()));
        }
    }

    private boolean isProblem(HttpResponse<String> answer) {
        return answer.headers()
                        .firstValue("Content-Type")
                        .orElse("")
                        .startsWith("application/problem+json")
                && !json.readTree(answer.body()).path("remedy").asString("").isBlank();
    }

    private static String shortened(@Nullable String text) {
        return text == null || text.length() <= 150 ? String.valueOf(text) : text.substring(0, 150);
    }

    /**
     * The path with each wrong value in turn in each of its places, and in each query parameter.
     */
    private List<String> paths(Operation operation) {
        String usual =
                operation
                        .path()
                        .replace("{section}", "retry")
                        .replace("{name}", "smtps")
                        .replaceAll("\\{[a-z]+}", "999999999");
        var all = new ArrayList<String>(List.of(usual));
        if (operation.path().contains("{")) {
            for (String word : List.of("x", "-1", "99999999999999999999", "%E2%98%83", "a%20b")) {
                all.add(operation.path().replaceAll("\\{[a-z]+}", word));
            }
        }
        for (JsonNode parameter : operation.description().path("parameters")) {
            if (parameter.path("in").asString().equals("query")) {
                for (String word : WORDS) {
                    all.add(
                            usual
                                    + "?"
                                    + parameter.path("name").asString()
                                    + "="
                                    + URLEncoder.encode(word, StandardCharsets.UTF_8));
                }
            }
        }
        return all;
    }

    private List<String> bodies(Operation operation) {
        var all = new ArrayList<String>(BODIES);
        JsonNode schema =
                operation.description().at("/requestBody/content/application~1json/schema");
        JsonNode properties = resolved(schema).path("properties");
        for (String name : properties.propertyNames()) {
            for (String value : VALUES) {
                all.add(filled(properties, name, value));
            }
        }
        return all;
    }

    /** A body whose other properties have a value of their type. */
    private String filled(JsonNode properties, String wrong, String value) {
        var fields = new ArrayList<String>();
        for (String name : properties.propertyNames()) {
            String usual =
                    switch (resolved(properties.path(name)).path("type").asString("object")) {
                        case "string" -> "\"x.example\"";
                        case "integer", "number" -> "7";
                        case "boolean" -> "false";
                        case "array" -> "[]";
                        default -> "{}";
                    };
            fields.add("\"" + name + "\":" + (name.equals(wrong) ? value : usual));
        }
        return "{" + String.join(",", fields) + "}";
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? api.at(schema.path("$ref").asString().substring(1)) : schema;
    }
}
