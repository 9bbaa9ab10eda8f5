package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sealpost.selftest.SelfTestClient.PATH;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many self-tests at once: all rules, or a list. */
@RunningSealpost
class BatchTests {

    private static final String BATCHES = PATH + "/batches";
    private static final String PASSWORD = "Grandiose-Marmot-0";

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpCaller admin;
    private final SelfTestClient tests;
    private final Configurer configurer;
    private final SmtpPeer peer;

    BatchTests(@Value("${local.server.port}") int http) throws IOException {
        this.admin = HttpCaller.administrator(http);
        this.tests = new SelfTestClient(admin);
        this.configurer = new Configurer(http);
        this.peer = new SmtpPeer();
    }

    @AfterEach
    void clean() throws Exception {
        configurer.removeAll();
        peer.close();
    }

    @Test
    void aListIsTestedAndSummedUp() throws Exception {
        peer.offersStarttls(TestCa.selfSigned("localhost"));
        try (var clear = new SmtpPeer()) {
            String path =
                    started(
                            "{\"destinations\":[\"%s\",\"%s\",\"a b\",\"%s\",\"%s\"]}"
                                    .formatted(
                                            peer.nextHop(),
                                            clear.nextHop(),
                                            peer.nextHop().toUpperCase(Locale.ROOT),
                                            "[127.0.0.1]:1"));

            JsonNode batch = untilOver(path);

            assertThat(batch.at("/state").asString()).isEqualTo("done");
            assertThat(batch.at("/tests/total").asInt()).isEqualTo(3);
            assertThat(batch.at("/tests/done").asInt()).isEqualTo(3);
            assertThat(batch.at("/mail").toString())
                    .isEqualTo("{\"encrypted\":1,\"clear\":1,\"waits\":1}");
            assertThat(batch.at("/leftOut").toString()).contains("a b", "neither a domain");
            assertThat(batch.at("/finishedAt").isString()).isTrue();
            String id = batch.at("/id").asString();
            assertThat(names("?sort=createdAt&batch=" + id))
                    .containsExactly(peer.nextHop(), clear.nextHop(), "[127.0.0.1]:1");
            assertThat(names("?result=waits&batch=" + id)).containsExactly("[127.0.0.1]:1");
            assertThat(names("?result=clear&batch=" + id)).containsExactly(clear.nextHop());
            assertThat(names("?result=encrypted&batch=" + id)).containsExactly(peer.nextHop());
            assertThat(tests.get(BATCHES).at("/items/0/id")).isEqualTo(batch.at("/id"));
            assertThat(admin.get(PATH + "?result=nosuch").statusCode()).isEqualTo(400);
            assertThat(tests.get("/api/v1/audit?q=self-test-batch%20" + id).toString())
                    .contains("self-test-batch.created");
        }
    }

    @Test
    void theRulesOfALevelAndAboveAreTested() throws Exception {
        configurer.policy(
                peer.nextHop(), "fingerprint", "{\"match\":[\"" + "AA:".repeat(31) + "AA\"]}");
        configurer.policy("[127.0.0.1]:1", "may", "{}");
        configurer.policy(".many.example", "secure", "{}");

        JsonNode strong = untilOver(started("{\"rules\":\"fingerprint\"}"));
        JsonNode all = untilOver(started("{\"rules\":\"all\"}"));

        assertThat(names("?batch=" + strong.at("/id").asString())).containsExactly(peer.nextHop());
        assertThat(strong.at("/leftOut").toString()).contains(".many.example", "name one of them");
        assertThat(names("?batch=" + all.at("/id").asString()))
                .containsExactlyInAnyOrder(peer.nextHop(), "[127.0.0.1]:1");
        assertThat(all.at("/rules").asString()).isEqualTo("all");
    }

    @Test
    void aFewRunTheOthersWaitAndAllCanBeCancelled() throws Exception {
        peer.fallsSilent(PeerStep.EHLO);
        configurer.route("batch.example", peer.nextHop());
        String path =
                started(
                        "{\"destinations\":[%s]}"
                                .formatted(
                                        IntStream.range(0, 6)
                                                .mapToObj(i -> "\"n" + i + "@batch.example\"")
                                                .collect(Collectors.joining(","))));

        await().untilAsserted(() ->
                assertThat(tests.get(path).at("/tests/running").asInt()).isEqualTo(4));
        assertThat(tests.get(path).at("/tests/queued").asInt()).isEqualTo(2);
        assertThat(tests.get(path).at("/state").asString()).isEqualTo("running");
        assertThat(batch("{\"rules\":\"all\"}").statusCode()).isEqualTo(409);
        // One that is started alone does not wait for a batch.
        try (var other = new SmtpPeer()) {
            assertThat(tests.run("nextHop", other.nextHop()).at("/state").asString())
                    .isEqualTo("done");
        }

        HttpResponse<String> cancelled = admin.json("POST", path + "/cancel", null);

        assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
        JsonNode batch = json.readTree(cancelled.body());
        assertThat(batch.at("/state").asString()).isEqualTo("cancelled");
        assertThat(batch.at("/tests/cancelled").asInt()).isEqualTo(6);
        assertThat(peer.connections()).isEqualTo(4);
        assertThat(admin.json("DELETE", path, null).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                             | Nothing to test",
                "{\"rules\":\"nosuch\"}                           | no level",
                "{\"rules\":\"all\",\"destinations\":[\"a.test\"]}    | Both rules and a list",
                "{\"destinations\":[\"a b\"]}                     | None of these can be tested"
            })
    void whatIsUnclearIsRefused(String body, String reason) throws Exception {
        HttpResponse<String> refused = batch(body);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains(reason);
    }

    @Test
    void aListLeadsNobodyWhereHeMayNotConnect() throws Exception {
        admin.json(
                "POST",
                "/api/v1/users",
                "{\"username\":\"lister\",\"password\":\"%s\",\"roles\":[\"operator\"]}"
                        .formatted(PASSWORD));
        HttpCaller operator = admin.as("lister", PASSWORD);

        HttpResponse<String> literal =
                operator.json("POST", BATCHES, "{\"destinations\":[\"[127.0.0.1]:2525\"]}");
        HttpResponse<String> named =
                operator.json("POST", BATCHES, "{\"destinations\":[\"[localhost]:2525\"]}");

        assertThat(literal.statusCode()).isEqualTo(422);
        assertThat(literal.body()).contains("a loopback address");
        JsonNode batch = untilOver(named.headers().firstValue("Location").orElseThrow());
        JsonNode test = tests.get(PATH + "?batch=" + batch.at("/id").asString()).at("/items/0");
        assertThat(SelfTestClient.steps(test.at("/targets/0"))).isEqualTo("dns fail, policy fail");
        assertThat(test.toString()).contains("a loopback address");
    }

    private HttpResponse<String> batch(String body) throws Exception {
        return admin.json("POST", BATCHES, body);
    }

    private String started(String body) throws Exception {
        HttpResponse<String> response = batch(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return response.headers().firstValue("Location").orElseThrow();
    }

    private JsonNode untilOver(String path) {
        return await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> tests.get(path),
                        batch -> !batch.at("/state").asString().equals("running"));
    }

    private List<String> names(String query) throws Exception {
        return tests.get(PATH + query)
                .at("/items")
                .valueStream()
                .map(one -> one.at("/nextHop").asString())
                .toList();
    }
}
