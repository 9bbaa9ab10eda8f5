package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.SealpostProcess;
import org.sealpost.testing.TestCa;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A listener with TLS 1.0, an expired certificate and relay for everybody. TLS 1.0 takes a process
 * that was started with it, so full only.
 */
@EnabledIfSystemProperty(named = "sealpost.test.full", matches = "true")
class WeakenedListenerTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir Path folder;

    @Test
    void failsTheStepsOfItsFaultsAndNoOthers() throws Exception {
        int http = freePort();
        try (var _ =
                new SealpostProcess(
                        folder,
                        "[127.0.0.1]:1",
                        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                        List.of(
                                "--server.port=" + http,
                                "--sealpost.bootstrap.admin-password=Correct-Horse-9",
                                "--sealpost.tls.allow-legacy=true"))) {
            HttpCaller admin = HttpCaller.administrator(http);
            weaken(admin);

            JsonNode test = new SelfTestClient(admin).run("listener", "smtp");

            JsonNode target = test.at("/targets/0");
            assertThat(
                            target.at("/steps")
                                    .valueStream()
                                    .filter(step -> step.at("/status").asString().equals("fail"))
                                    .map(step -> step.at("/name").asString()))
                    .as(test.toPrettyString())
                    .containsExactly("chain", "expiry", "old-tls-refused", "open-relay-refused");
            assertThat(SelfTestClient.detail(target, "protocols"))
                    .isEqualTo("TLSv1.3, TLSv1.2, TLSv1.1, TLSv1.");
            assertThat(test.at("/grade").asString()).isEqualTo("F");
        }
    }

    private static void weaken(HttpCaller admin) throws Exception {
        TestCa.Identity expired =
                TestCa.create("Expired CA").leaf("relay.example.test").expired().issue();
        HttpResponse<String> stored =
                admin.send(
                        "POST", "/api/v1/certificates?purpose=server", expired.pem(), "text/plain");
        var listener = (ObjectNode) JSON.readTree(admin.get("/api/v1/listeners/smtp").body());
        listener.putArray("certificateIds").add(JSON.readTree(stored.body()).at("/id").asLong());
        listener.put("protocols", ">=TLSv1").put("ciphers", "medium").put("excludeCiphers", "");
        HttpResponse<String> put =
                admin.json(
                        "PUT",
                        "/api/v1/listeners/smtp",
                        listener.toString(),
                        "X-Change-Reason",
                        "to see it fail");
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        HttpResponse<String> relay =
                admin.json(
                        "PUT",
                        "/api/v1/settings/relay",
                        "{\"networks\":[\"0.0.0.0/0\"],\"domains\":[],\"openRelayReason\":\"a test\"}");
        assertThat(relay.statusCode()).as(relay.body()).isEqualTo(200);
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
