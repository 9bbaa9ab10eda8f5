package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.sealpost.testing.HttpCaller;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts self-tests over REST and waits for them. */
final class SelfTestClient {

    static final String PATH = "/api/v1/self-tests";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpCaller caller;

    SelfTestClient(HttpCaller caller) {
        this.caller = caller;
    }

    HttpResponse<String> post(String kind, String name) throws IOException, InterruptedException {
        return caller.json("POST", PATH, "{\"%s\":\"%s\"}".formatted(kind, name));
    }

    /** Starts a test and returns its path. */
    String start(String kind, String name) throws IOException, InterruptedException {
        HttpResponse<String> response = post(kind, name);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** Runs a test to its end. */
    JsonNode run(String kind, String name) throws IOException, InterruptedException {
        return untilOver(start(kind, name));
    }

    JsonNode untilOver(String path) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get(path), test -> !isOpen(test));
    }

    JsonNode until(String path, Predicate<JsonNode> enough) {
        Callable<JsonNode> read = () -> get(path);
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(read, enough);
    }

    private static boolean isOpen(JsonNode test) {
        String state = test.at("/state").asString();
        return state.equals("queued") || state.equals("running");
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = caller.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** {@code dns pass, connect pass, ..}, without what was left out. */
    static String steps(JsonNode target) {
        return target.at("/steps")
                .valueStream()
                .filter(step -> !step.at("/status").asString().equals("skip"))
                .map(step -> step.at("/name").asString() + " " + step.at("/status").asString())
                .collect(Collectors.joining(", "));
    }

    static String detail(JsonNode target, String step) {
        return step(target, step).at("/detail").asString();
    }

    static JsonNode step(JsonNode target, String name) {
        return target.at("/steps")
                .valueStream()
                .filter(step -> step.at("/name").asString().equals(name))
                .findAny()
                .orElseThrow();
    }
}
