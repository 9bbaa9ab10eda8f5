package org.sealpost.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Settings are read and replaced as whole documents, checked, audited, and act at once. */
@RunningSealpost
class SettingsApiTests {

    private final HttpCaller admin;
    private final HttpCaller nobody;
    private final JsonMapper json;

    SettingsApiTests(@Value("${local.server.port}") int http, JsonMapper json) {
        this.admin = HttpCaller.administrator(http);
        this.nobody = HttpCaller.anonymous(http);
        this.json = json;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "general", "relay", "retry", "delivery", "dns", "retention"})
    void whatIsReadCanBeWrittenBack(String section) throws Exception {
        HttpResponse<String> read = admin.get(path(section));
        assertThat(read.statusCode()).isEqualTo(200);

        HttpResponse<String> written =
                admin.json("PUT", path(section), read.body(), "If-Match", etag(read));

        assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
        assertThat(json.readTree(written.body())).isEqualTo(json.readTree(read.body()));
    }

    @Test
    void aChangeActsAtOnceAndIsAudited() throws Exception {
        HttpResponse<String> before = admin.get(path("tls"));
        ObjectNode changed = (ObjectNode) json.readTree(before.body());
        changed.put("level", "encrypt").put("mandatoryProtocols", ">=TLSv1.3");
        try {
            assertThat(put("tls", changed).statusCode()).isEqualTo(200);

            JsonNode lookup =
                    json.readTree(
                            admin.get("/api/v1/policies/lookup?next-hop=x.settings.example")
                                    .body());
            assertThat(lookup.at("/effective/level").asString()).isEqualTo("encrypt");
            assertThat(lookup.at("/effective/protocols").toString()).isEqualTo("[\"TLSv1.3\"]");
            JsonNode audit = json.readTree(admin.get("/api/v1/audit?size=1").body());
            assertThat(audit.at("/items/0/action").asString()).isEqualTo("settings.changed");
            assertThat(audit.at("/items/0/object").asString()).isEqualTo("settings tls");
            assertThat(audit.at("/items/0/before/level").asString()).isEqualTo("may");
            assertThat(audit.at("/items/0/after/level").asString()).isEqualTo("encrypt");
        } finally {
            assertThat(put("tls", json.readTree(before.body())).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aLostRaceIsTold() throws Exception {
        HttpResponse<String> read = admin.get(path("dns"));
        assertThat(
                        admin.json("PUT", path("dns"), read.body(), "If-Match", "\"99999\"")
                                .statusCode())
                .isEqualTo(412);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls     | level                  | \"fingerprint\"     | level",
                "tls     | level                  | \"strong\"          | level",
                "tls     | level                  | null                | level",
                "tls     | protocols              | \">=TLSv9\"         | protocols",
                "tls     | mandatoryProtocols     | \"TLSv1\"           | mandatoryProtocols",
                "tls     | ciphers                | \"best\"            | ciphers",
                "tls     | excludeCiphers         | \"!RC4\"            | excludeCiphers",
                "tls     | fingerprintDigest      | \"crc32\"           | fingerprintDigest",
                "tls     | verifyMatch            | []                  | verifyMatch",
                "tls     | secureMatch            | [null]              | secureMatch",
                "tls     | servername             | \"a b\"             | servername",
                "tls     | implicitTls            | true                | implicitTls",
                "tls     | implicitTls            | null                | implicitTls",
                "tls     | clientCertificateId    | 999999              | clientCertificateId",
                "tls     | logLevel               | 5                   | logLevel",
                "tls     | sessionCacheSeconds    | -1                  | sessionCacheSeconds",
                "tls     | sessionCacheSeconds    | \"long\"            | sessionCacheSeconds",
                "tls     | clearTextFallback      | {\"mode\":\"at-once\",\"after\":\"PT5M\"} | clearTextFallback.mode",
                "tls     | clearTextFallback      | {\"mode\":\"never\"} | clearTextFallback.after",
                "tls     | clearTextFallback      | {\"mode\":\"never\",\"after\":\"PT0S\"} | clearTextFallback.after",
                "tls     | misspelt               | 1                   | misspelt",
                "general | hostname               | \"a b\"             | hostname",
                "relay   | networks               | [\"10.0.0.1/8\"]    | networks",
                "retry   | firstRetry             | \"soon\"            | firstRetry",
                "retry   | lifetime               | null                | lifetime",
                "dns     | servers                | [\"ns.example\"]    | servers",
                "dns     | servers                | \"192.0.2.1\"       | servers"
            })
    void aValueThatCannotBeUsedIsRefusedAtItsField(
            String section, String field, String value, String blamed) throws Exception {
        ObjectNode changed = (ObjectNode) json.readTree(admin.get(path(section)).body());
        changed.set(field, json.readTree(value));

        HttpResponse<String> refused = put(section, changed);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(json.readTree(refused.body()).at("/errors/0/field").asString())
                .isEqualTo(blamed);
        assertThat(json.readTree(refused.body()).at("/remedy").asString()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry     | lifetime     | 90s    | PT1M30S",
                "retry     | lifetime     | 5m     | PT5M",
                "retry     | lifetime     | 4h     | PT4H",
                "retry     | lifetime     | 5D     | PT120H",
                "retry     | lifetime     | PT5M   | PT5M",
                "retry     | lifetime     | P5D    | PT120H",
                "retention | selfTests    | 90d    | PT2160H",
                "dns       | timeout      | 5 s    | PT5S"
            })
    void aDurationIsTakenInEitherFormAndAnsweredInOne(
            String section, String field, String written, String answered) throws Exception {
        JsonNode before = json.readTree(admin.get(path(section)).body());
        var changed = ((ObjectNode) before.deepCopy()).put(field, written);
        try {
            HttpResponse<String> response = put(section, changed);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(json.readTree(admin.get(path(section)).body()).get(field).asString())
                    .isEqualTo(answered);
        } finally {
            assertThat(put(section, before).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"soon\"",
                "\"5\"",
                "300",
                "\"\"",
                "\"5 weeks\"",
                "\"1h30m\"",
                "\"PT\"",
                "\"99999999999d\"",
                "\"P99999999D\"",
                "true",
                "[\"5m\"]"
            })
    void whatIsNoDurationIsRefusedWithTheFormsItTakes(String written) throws Exception {
        var retry = (ObjectNode) json.readTree(admin.get(path("retry")).body());
        retry.set("delayWarning", json.readTree(written));
        var tls = (ObjectNode) json.readTree(admin.get(path("tls")).body());
        ((ObjectNode) tls.get("clearTextFallback")).set("after", json.readTree(written));

        for (HttpResponse<String> refused : List.of(put("retry", retry), put("tls", tls))) {
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
            JsonNode problem = json.readTree(refused.body());
            assertThat(problem.at("/errors/0/field").asString())
                    .isIn("delayWarning", "clearTextFallback.after");
            assertThat(problem.at("/remedy").asString()).contains("5m", "PT5M");
        }
    }

    @Test
    void weakerDefaultsAreNamedInTheAuditWithTheReason() throws Exception {
        JsonNode before = json.readTree(admin.get(path("tls")).body());
        ObjectNode stronger = ((ObjectNode) before.deepCopy()).put("level", "encrypt");
        try {
            put("tls", stronger);
            assertThat(audited().has("weaker")).isFalse();
        } finally {
            admin.json(
                    "PUT",
                    path("tls"),
                    json.writeValueAsString(before),
                    "X-Change-Reason",
                    "partner cannot");
        }
        assertThat(audited().at("/weaker/0").asString())
                .isEqualTo("The level falls from encrypt to may.");
        assertThat(audited().get("reason").asString()).isEqualTo("partner cannot");
        assertThat(audited().get("mandatoryCiphers").asString()).isEqualTo("medium");
    }

    @ParameterizedTest
    @CsvSource({
        "networks, 0.0.0.0/0",
        "networks, ::/0",
        "networks, 128.0.0.0/1",
        "networks, 198.0.0.0/8",
        "networks, 2001::/16",
        "domains,  .com"
    })
    void anOpenRelayNeedsAReasonOfItsOwnWhichTheAuditKeeps(String field, String value)
            throws Exception {
        JsonNode before = json.readTree(admin.get(path("relay")).body());
        var open = (ObjectNode) before.deepCopy();
        open.putArray(field).add(value);
        for (String none : List.of("null", "\"\"", "\"  \"", '"' + "x".repeat(501) + '"')) {
            open.set("openRelayReason", json.readTree(none));
            // A reason that goes along with every change by a script's habit is not one for this.
            HttpResponse<String> refused =
                    admin.json(
                            "PUT", path("relay"), open.toString(), "X-Change-Reason", "as always");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
            assertThat(json.readTree(refused.body()).at("/errors/0/field").asString())
                    .isEqualTo("openRelayReason");
        }
        try {
            HttpResponse<String> taken =
                    put("relay", open.put("openRelayReason", "behind the firewall"));

            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
            assertThat(audited().get("openRelayReason").asString())
                    .isEqualTo("behind the firewall");
        } finally {
            assertThat(put("relay", before).statusCode()).isEqualTo(200);
        }
        assertThat(json.readTree(admin.get(path("relay")).body()).get("openRelayReason").isNull())
                .isTrue();
    }

    @Test
    void aReasonForNothingIsNotKeptForTheNextWideNetwork() throws Exception {
        var relay = (ObjectNode) json.readTree(admin.get(path("relay")).body());
        relay.putArray("networks").add("10.0.0.0/8").add("fc00::/7").add("192.0.2.0/24");
        relay.putArray("domains").add(".local").add("own.example");
        HttpResponse<String> before = admin.get(path("relay"));
        try {
            HttpResponse<String> taken = put("relay", relay.put("openRelayReason", "in advance"));

            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
            assertThat(json.readTree(taken.body()).get("openRelayReason").isNull()).isTrue();
        } finally {
            assertThat(put("relay", json.readTree(before.body())).statusCode()).isEqualTo(200);
        }
    }

    private JsonNode audited() throws Exception {
        return json.readTree(admin.get("/api/v1/audit?size=1").body()).at("/items/0/after");
    }

    @Test
    void whatIsNoDocumentIsRefused() throws Exception {
        assertThat(admin.json("PUT", path("tls"), "[]").statusCode()).isEqualTo(422);
        assertThat(admin.json("PUT", path("tls"), "\"x\"").statusCode()).isEqualTo(422);
        assertThat(admin.json("PUT", path("tls"), "{\"level\":").statusCode()).isEqualTo(400);
        assertThat(admin.get(path("colours")).statusCode()).isEqualTo(404);
    }

    @Test
    void onlyAnAdministratorWrites() throws Exception {
        admin.json(
                "POST",
                "/api/v1/users",
                "{\"username\":\"settings-reader\",\"password\":\"Correct-Horse-9\","
                        + "\"roles\":[\"policy-editor\"]}");
        HttpCaller editor = nobody.as("settings-reader", "Correct-Horse-9");
        HttpResponse<String> read = editor.get(path("tls"));

        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(editor.json("PUT", path("tls"), read.body()).statusCode()).isEqualTo(403);
        assertThat(nobody.get(path("tls")).statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> put(String section, JsonNode body) throws Exception {
        return admin.json("PUT", path(section), json.writeValueAsString(body));
    }

    private static String path(String section) {
        return "/api/v1/settings/" + section;
    }

    private static String etag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }
}
