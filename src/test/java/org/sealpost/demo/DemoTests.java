package org.sealpost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.SealpostProcess;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The profile demo as a newcomer starts it: every partner's mail ends as its note promises. */
class DemoTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void everyPartnerShowsItsOwnCase(@TempDir Path folder) throws IOException {
        int console = freePort();
        List<String> java = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        List<String> demo =
                List.of(
                        "--spring.profiles.active=demo",
                        "--server.port=" + console,
                        "--sealpost.bootstrap.smtps-port=" + freePort(),
                        "--sealpost.demo.first-port=0",
                        "--sealpost.demo.every=50ms");
        HttpCaller api = HttpCaller.anonymous(console).as("admin", "demo-of-sealpost");

        try (var process = new SealpostProcess(folder, "", java, demo)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(process.output())
                                    .contains("sign in as admin with the password"));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(waiting(api))
                                    .containsExactlyInAnyOrderEntriesOf(
                                            Map.of(
                                                    "archive.example", "4.7.4 starttls",
                                                    "courier.example", "4.7.5 pin",
                                                    "insurer.example", "4.7.5 chain",
                                                    "laboratory.example", "4.7.5 name",
                                                    "pharmacy.example", "4.7.5 chain validity")));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(events(api))
                                    .anyMatch(text ->
                                            text.contains("to=<office@hospital.example>")
                                                    && text.contains("status=sent"))
                                    .anyMatch(text ->
                                            text.contains("to=<office@authority.example>")
                                                    && text.contains("status=sent"))
                                    .anyMatch(text ->
                                            text.contains("to=<office@former.example>")
                                                    && text.contains("status=bounced"))
                                    .anyMatch(text ->
                                            text.contains("to=<ward@clinic.example>")
                                                    && text.contains("status=sent")));
            assertThat(process.output()).doesNotContain(" WARN ").doesNotContain(" ERROR ");
        }

        assertThatThrownBy(() -> new SealpostProcess(folder, "", java, demo))
                .hasMessageContaining("which was used before");
    }

    /** By domain, what each waiting message's verdict says failed. */
    private static Map<String, String> waiting(HttpCaller api) throws Exception {
        var found = new TreeMap<String, String>();
        for (JsonNode item : items(api, "/api/v1/queue?size=100")) {
            JsonNode verdict = item.get("lastVerdict");
            if (verdict.isObject()) {
                var failed = new StringBuilder(verdict.get("code").stringValue());
                for (JsonNode check : verdict.get("checks")) {
                    if (check.get("result").stringValue().equals("fail")) {
                        failed.append(' ').append(check.get("name").stringValue());
                    }
                }
                String nextHop = item.get("nextHop").stringValue();
                found.put(nextHop.substring(0, nextHop.indexOf(':')), failed.toString());
            }
        }
        return found;
    }

    private static List<String> events(HttpCaller api) throws Exception {
        return StreamSupport.stream(
                        items(api, "/api/v1/events?size=200&q=status").spliterator(), false)
                .map(event -> event.get("text").stringValue())
                .toList();
    }

    private static JsonNode items(HttpCaller api, String path) throws Exception {
        return JSON.readTree(api.get(path).body()).get("items");
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
