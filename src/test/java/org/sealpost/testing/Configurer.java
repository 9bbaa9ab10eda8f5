package org.sealpost.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sets a running Sealpost up through its API, and takes all of it away again. */
public final class Configurer {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpCaller admin;
    private final Deque<String> made = new ArrayDeque<>();

    public Configurer(int port) {
        admin = HttpCaller.administrator(port);
    }

    public long route(String pattern, String nextHop) throws Exception {
        return create(
                "/routes",
                "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}".formatted(pattern, nextHop),
                "application/json");
    }

    public long policy(String nextHop, String level, String attributes) throws Exception {
        return create(
                "/policies",
                "{\"nextHop\":\"%s\",\"level\":\"%s\",\"attributes\":%s}"
                        .formatted(nextHop, level, attributes),
                "application/json");
    }

    /** Uploads an authority that only the rules which name it trust. */
    public long anchor(String pem) throws Exception {
        return upload("anchor", pem);
    }

    /** Uploads an authority that every rule without {@code tafile} trusts. */
    public long trust(String pem) throws Exception {
        return upload("trust", pem);
    }

    private long upload(String purpose, String pem) throws Exception {
        String body =
                "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                        + purpose
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"ca.pem\"\r\n\r\n"
                        + pem
                        + "\r\n--b--\r\n";
        return create("/certificates", body, "multipart/form-data; boundary=b");
    }

    /** Puts the rules of a Postfix policy table into force; answers what was reported. */
    public JsonNode importPolicies(String table, boolean dryRun) throws Exception {
        List<JsonNode> before = dryRun ? List.of() : policies();
        HttpResponse<String> response =
                admin.send(
                        "POST",
                        "/api/v1/policies/import?mode=merge&dry-run=" + dryRun,
                        table,
                        "text/plain");
        if (!dryRun) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            for (JsonNode rule : policies()) {
                if (before.stream().noneMatch(one -> one.get("id").equals(rule.get("id")))) {
                    made.push("/policies/" + rule.get("id").asLong());
                }
            }
        }
        return JSON.readTree(response.body());
    }

    private List<JsonNode> policies() throws Exception {
        return JSON.readTree(admin.get("/api/v1/policies?size=500").body())
                .get("items")
                .valueStream()
                .toList();
    }

    private long create(String path, String body, String type) throws Exception {
        HttpResponse<String> response = admin.send("POST", "/api/v1" + path, body, type);
        assertThat(response.statusCode()).as(response.body()).isIn(200, 201);
        long id = JSON.readTree(response.body()).get("id").asLong();
        made.push(path + "/" + id);
        return id;
    }

    /** Removes all that was made here, the last first. */
    public void removeAll() throws Exception {
        while (!made.isEmpty()) {
            String path = made.pop();
            assertThat(admin.json("DELETE", "/api/v1" + path, null).statusCode())
                    .as(path)
                    .isIn(200, 204, 404);
        }
    }
}
