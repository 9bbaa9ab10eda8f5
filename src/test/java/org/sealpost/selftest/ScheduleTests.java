package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sealpost.selftest.SelfTestClient.PATH;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests that run by themselves, what they find worse, and how long they are kept. */
@RunningSealpost
class ScheduleTests {

    private static final String SCHEDULES = PATH + "/schedules";

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpCaller admin;
    private final SelfTestClient tests;
    private final Configurer configurer;
    private final WorsenedTests worsened;
    private final ScheduleTimer timer;
    private final JdbcTemplate jdbc;
    private final SmtpPeer peer;
    private final List<String> made = new ArrayList<>();

    ScheduleTests(
            @Value("${local.server.port}") int http,
            WorsenedTests worsened,
            ScheduleTimer timer,
            JdbcTemplate jdbc)
            throws IOException {
        this.admin = HttpCaller.administrator(http);
        this.tests = new SelfTestClient(admin);
        this.configurer = new Configurer(http);
        this.worsened = worsened;
        this.timer = timer;
        this.jdbc = jdbc;
        this.peer = new SmtpPeer();
    }

    @AfterEach
    void clean() throws Exception {
        for (String path : made) {
            admin.json("DELETE", path, null);
        }
        peer.close();
        // Else the dashboard of other tests would tell of it.
        jdbc.update("update self_test set worse = false where name = ?", peer.nextHop());
    }

    @Test
    void aScheduleRunsAtOnceAndAgain() throws Exception {
        HttpResponse<String> created = schedule("nextHop", peer.nextHop(), "PT5S");
        HttpResponse<String> twice = schedule("nextHop", peer.nextHop(), "PT24H");

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(twice.statusCode()).isEqualTo(409);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(history()).hasSizeGreaterThanOrEqualTo(2));
        JsonNode first = history().getFirst();
        assertThat(first.at("/trigger").asString()).isEqualTo("schedule");
        assertThat(first.at("/startedBy").asString()).isEqualTo("admin");
        JsonNode listed = tests.get(SCHEDULES).at("/items");
        assertThat(listed.toString()).contains(peer.nextHop(), "\"every\":\"PT5S\"");
    }

    @Test
    void strongRulesAreTestedByNightWithoutSetUp() throws Exception {
        Timestamp made =
                jdbc.queryForObject(
                        "select created_at from self_test_schedule where kind = 'rules'",
                        Timestamp.class);
        configurer.policy(
                peer.nextHop(), "fingerprint", "{\"match\":[\"" + "AA:".repeat(31) + "AA\"]}");
        configurer.policy("[weak.example]", "may", "{}");
        assertThat(tests.get(SCHEDULES).toString())
                .contains("\"rules\":\"fingerprint\",\"every\":\"PT24H\",\"createdBy\":\"system\"");
        try {
            jdbc.update(
                    "update self_test_schedule set created_at = ? where kind = 'rules'",
                    Timestamp.from(Instant.now().minus(Duration.ofDays(3))));

            await().untilAsserted(() ->
                    assertThat(tests.get(PATH + "/batches").at("/items/0/trigger").asString())
                            .isEqualTo("schedule"));
            JsonNode batch = tests.get(PATH + "/batches").at("/items/0");
            assertThat(batch.at("/rules").asString()).isEqualTo("fingerprint");
            assertThat(batch.at("/tests/total").asInt()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(history()).hasSize(1));
        } finally {
            jdbc.update("update self_test_schedule set created_at = ? where kind = 'rules'", made);
            configurer.removeAll();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fingerprint, PT24H, 409, scheduled already",
        "secure, PT1H, 422, once a night",
        "nosuch, PT24H, 422, no level",
        "verify, PT24H, 201, verify"
    })
    void aNightlyScheduleIsForALevel(String level, String every, int status, String text)
            throws Exception {
        HttpResponse<String> answer = schedule("rules", level, every);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(text);
    }

    @ParameterizedTest
    @CsvSource({"PT4S, 422", "P400D, 422", "soon, 422"})
    void anIntervalHasItsLimits(String every, int status) throws Exception {
        HttpResponse<String> refused = schedule("listener", "smtp", every);

        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(refused.body()).contains("\"every\"");
    }

    @Test
    void whatGotWorseIsToldOnceAndSeenOnTheDashboard() throws Exception {
        peer.offersStarttls(TestCa.selfSigned("localhost"));
        tests.run("nextHop", peer.nextHop());
        peer.answers(PeerStep.EHLO, "250 peer");

        JsonNode worse = tests.run("nextHop", peer.nextHop());
        JsonNode same = tests.run("nextHop", peer.nextHop());

        assertThat(worse.at("/worse").toString())
                .contains("clear text", "TLS is gone; it was TLSv1.3 before.");
        assertThat(same.at("/worse")).isEmpty();
        assertThat(worsened.lately())
                .anyMatch(one ->
                        one.testId() == worse.at("/id").asLong()
                                && one.subject().equals(peer.nextHop()));
        await().untilAsserted(() ->
                assertThat(tests.get("/api/v1/events?q=TLS%20is%20gone").at("/items").toString())
                        .contains("self-test of " + peer.nextHop()));
    }

    @Test
    void aCertificateThatChangedOutsideItsRenewalIsWorse() throws Exception {
        peer.offersStarttls(TestCa.selfSigned("localhost"));
        tests.run("nextHop", peer.nextHop());
        peer.offersStarttls(TestCa.selfSigned("localhost"), "TLSv1.2");

        JsonNode worse = tests.run("nextHop", peer.nextHop());

        assertThat(worse.at("/worse").toString())
                .contains("The TLS version fell from TLSv1.3 to TLSv1.2.", "its key were changed");
    }

    @Test
    void whatIsOlderThanTheRetentionIsDeleted() throws Exception {
        JsonNode old = tests.run("nextHop", peer.nextHop());
        JsonNode young = tests.run("nextHop", peer.nextHop());
        jdbc.update(
                "update self_test set created_at = ? where id = ?",
                Timestamp.from(Instant.now().minus(Duration.ofDays(91))),
                old.at("/id").asLong());

        assertThat(timer.deleteTooOld()).isPositive();

        assertThat(admin.get(PATH + "/" + old.at("/id").asLong()).statusCode()).isEqualTo(404);
        assertThat(admin.get(PATH + "/" + young.at("/id").asLong()).statusCode()).isEqualTo(200);
    }

    private List<JsonNode> history() throws Exception {
        return tests.get(PATH + "?sort=createdAt&q=" + peer.port())
                .at("/items")
                .valueStream()
                .toList();
    }

    private HttpResponse<String> schedule(String kind, String name, String every) throws Exception {
        HttpResponse<String> response =
                admin.json(
                        "POST",
                        SCHEDULES,
                        "{\"%s\":\"%s\",\"every\":\"%s\"}".formatted(kind, name, every));
        if (response.statusCode() == 201) {
            made.add(SCHEDULES + "/" + json.readTree(response.body()).at("/id").asLong());
        }
        return response;
    }
}
