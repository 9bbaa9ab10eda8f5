package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.sealpost.selftest.SelfTestClient.PATH;
import static org.sealpost.selftest.SelfTestClient.detail;
import static org.sealpost.selftest.SelfTestClient.steps;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.FakeDns;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** A destination's self-test goes the way of mail, and only where its caller may go. */
@RunningSealpost
class DestinationTests {

    private static final String PASSWORD = "Grandiose-Marmot-0";

    private final HttpCaller admin;
    private final HttpCaller operator;
    private final SelfTestClient tests;
    private final Configurer configurer;
    private final TestCa ca = TestCa.create("Destination CA");
    private final SmtpPeer peer;

    DestinationTests(@Value("${local.server.port}") int http) throws IOException {
        this.admin = HttpCaller.administrator(http);
        this.operator = admin.as("prober", PASSWORD);
        this.tests = new SelfTestClient(admin);
        this.configurer = new Configurer(http);
        this.peer = new SmtpPeer();
    }

    @BeforeEach
    void anOperator() throws Exception {
        account("prober");
    }

    private void account(String name) throws Exception {
        int status =
                admin.json(
                                "POST",
                                "/api/v1/users",
                                "{\"username\":\"%s\",\"password\":\"%s\",\"roles\":[\"operator\"]}"
                                        .formatted(name, PASSWORD))
                        .statusCode();
        assertThat(status).isIn(201, 409);
    }

    @AfterEach
    void clean() throws Exception {
        configurer.removeAll();
        peer.close();
    }

    @Test
    void tellsWhatEachLevelWouldSayOfTheSameSession() throws Exception {
        peer.offersStarttls(ca.leaf("localhost").issue());

        JsonNode test = tests.run("nextHop", peer.nextHop());

        assertThat(rulings(test.at("/targets/0")))
                .isEqualTo(
                        "none deliver-clear, may deliver-encrypted, encrypt deliver-encrypted,"
                                + " fingerprint defer, verify defer, secure defer");
        assertThat(test.at("/targets/0/chain")).hasSize(2);
        assertThat(test.at("/commands").valueStream().map(one -> one.at("/line").asString()))
                .containsExactly(
                        "openssl s_client -starttls smtp -connect 127.0.0.1:%d -servername localhost -showcerts </dev/null"
                                .formatted(peer.port()),
                        "posttls-finger -c -l may -s localhost '%s'".formatted(peer.nextHop()));
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void anAddressIsNoServerNameInOtherToolsEither() throws Exception {
        peer.offersStarttls(ca.leaf("localhost").issue());

        JsonNode test = tests.run("nextHop", "[127.0.0.1]:" + peer.port());

        assertThat(test.at("/commands/0/line").asString()).contains(" -noservername ");
        assertThat(test.at("/commands/1/line").asString()).doesNotContain(" -s ");
    }

    @Test
    void atLevelNoneASecondLookSaysWhatTlsThereWouldBe() throws Exception {
        peer.offersStarttls(ca.leaf("localhost").issue());
        configurer.policy(peer.nextHop(), "none", "{}");

        JsonNode test = tests.run("nextHop", peer.nextHop());

        assertThat(test.at("/verdict/outcome").asString()).isEqualTo("deliver-clear");
        assertThat(rulings(test.at("/targets/0")))
                .startsWith("none deliver-clear, may deliver-encrypted, encrypt deliver-encrypted");
    }

    @Test
    void theTranscriptHasBothDirectionsWithTimes() throws Exception {
        peer.offersStarttls(ca.leaf("localhost").issue());

        JsonNode target = tests.run("nextHop", peer.nextHop()).at("/targets/0");

        List<String> lines =
                SelfTestClient.step(target, "ehlo")
                        .at("/transcript")
                        .valueStream()
                        .map(line -> line.at("/line").asString())
                        .toList();
        assertThat(lines).startsWith("C: EHLO relay.example.test", "S: 250-peer");
        assertThat(SelfTestClient.step(target, "ehlo2").at("/transcript").toString())
                .contains("C: QUIT", "afterMillis");
    }

    @Test
    void eachAddressOfEachMxHostIsAColumn() throws Exception {
        String before = admin.get("/api/v1/settings/dns").body();
        try (var dns = new FakeDns()) {
            dns.knows(
                    "columns.example MX 10 a.columns.example.",
                    "columns.example MX 20 b.columns.example.",
                    "a.columns.example A 127.0.0.71",
                    "b.columns.example A 127.0.0.1",
                    "b.columns.example AAAA ::1");
            asks(dns);
            peer.offersStarttls(ca.leaf("b.columns.example").issue());

            JsonNode test = tests.run("nextHop", "columns.example:" + peer.port());

            assertThat(test.at("/targets").valueStream().map(one -> one.at("/host").asString()))
                    .startsWith("a.columns.example")
                    .contains("b.columns.example");
            assertThat(steps(test.at("/targets/0")))
                    .isEqualTo("dns pass, connect fail, policy fail");
            assertThat(test.at("/summary").asString())
                    .contains("b.columns.example[127.0.0.1]:" + peer.port());
        } finally {
            admin.json("PUT", "/api/v1/settings/dns", before);
        }
    }

    @Test
    void aDomainThatDoesNotExistFailsAtDns() throws Exception {
        String before = admin.get("/api/v1/settings/dns").body();
        try (var dns = new FakeDns()) {
            asks(dns);

            JsonNode test = tests.run("destination", "nowhere.example");

            assertThat(test.at("/state").asString()).isEqualTo("done");
            assertThat(steps(test.at("/targets/0"))).isEqualTo("dns fail, policy fail");
            assertThat(detail(test.at("/targets/0"), "dns")).contains("not found");
        } finally {
            admin.json("PUT", "/api/v1/settings/dns", before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nextHop, [127.0.0.1]:2525, a loopback address",
        "nextHop, [localhost]:465, a loopback address",
        "nextHop, [10.1.2.3], a private address",
        "nextHop, mx.fetch.example:8080, Port 8080",
        "destination, a@[127.0.0.1], a loopback address"
    })
    void theNetworkBehindTheRelayIsForAdministratorsOnly(String kind, String name, String reason)
            throws Exception {
        HttpResponse<String> refused = new SelfTestClient(operator).post(kind, name);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
        assertThat(refused.body()).contains(reason);
    }

    @Test
    void whereMxLeadsInsideTheDnsStepFailsAndNobodyIsConnected() throws Exception {
        String before = admin.get("/api/v1/settings/dns").body();
        try (var dns = new FakeDns();
                var inside = new ServerSocket(2525, 5, InetAddress.ofLiteral("127.0.0.78"))) {
            dns.knows("inside.example MX 10 mx.inside.example.", "mx.inside.example A 127.0.0.78");
            asks(dns);
            inside.setSoTimeout(1);

            JsonNode test = new SelfTestClient(operator).run("nextHop", "inside.example:2525");

            assertThat(steps(test.at("/targets/0"))).isEqualTo("dns fail, policy fail");
            assertThat(detail(test.at("/targets/0"), "dns"))
                    .contains("127.0.0.78", "a loopback address");
            assertThatThrownBy(inside::accept).isInstanceOf(SocketTimeoutException.class);
        } finally {
            admin.json("PUT", "/api/v1/settings/dns", before);
        }
    }

    @Test
    void aRunningTestShowsItsStepsAndCanBeCancelled() throws Exception {
        peer.fallsSilent(PeerStep.EHLO);
        String path = tests.start("nextHop", peer.nextHop());

        JsonNode running =
                tests.until(path, test -> steps(test.at("/targets/0")).contains("banner pass"));
        assertThat(running.at("/state").asString()).isEqualTo("running");
        HttpResponse<String> answer = admin.json("POST", path + "/cancel", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"state\":\"cancelled\"");
        JsonNode cancelled = tests.get(path);
        assertThat(steps(cancelled.at("/targets/0"))).contains("connect pass, banner pass");
        assertThat(admin.json("DELETE", path, null).statusCode()).isEqualTo(200);
    }

    @Test
    void manyWaitForTheirTurnAndAllGetIt() throws Exception {
        peer.fallsSilent(PeerStep.CONNECT);
        List<String> paths =
                List.of(1, 2, 3, 4, 5, 6).stream()
                        .map(_ -> {
                            try {
                                return tests.start("nextHop", peer.nextHop());
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .toList();

        await().untilAsserted(() -> assertThat(peer.connections()).isEqualTo(4));
        assertThat(tests.get(paths.getLast()).at("/state").asString()).isEqualTo("queued");
        for (String path : paths.subList(0, 4)) {
            admin.json("DELETE", path, null);
        }
        await().untilAsserted(() -> assertThat(peer.connections()).isEqualTo(6));
        for (String path : paths.subList(4, 6)) {
            admin.json("DELETE", path, null);
            assertThat(tests.get(path).at("/state").asString()).isEqualTo("cancelled");
        }
    }

    /**
     * Each of its requests checks a password: full only; {@link StartLimitTests} is its short form.
     */
    @Test
    @EnabledIfSystemProperty(named = "sealpost.test.full", matches = "true")
    void whoAsksTooOftenHasToWait() throws Exception {
        account("hasty");
        HttpCaller hasty = admin.as("hasty", PASSWORD);
        HttpResponse<String> answer = hasty.json("POST", PATH, "{}");
        for (int i = 0; i < 130 && answer.statusCode() == 422; i++) {
            answer = hasty.json("POST", PATH, "{}");
        }

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("\"remedy\":\"Ask again in ");
    }

    @Test
    void theHistoryIsAListWithoutTranscripts() throws Exception {
        JsonNode test = tests.run("nextHop", peer.nextHop());

        JsonNode found = tests.get(PATH + "?q=" + peer.port()).at("/items");

        assertThat(found).hasSize(1);
        assertThat(found.at("/0/id")).isEqualTo(test.at("/id"));
        assertThat(found.at("/0/verdict")).isEqualTo(test.at("/verdict"));
        assertThat(found.toString()).doesNotContain("C: EHLO");
        assertThat(test.at("/trigger").asString()).isEqualTo("manual");
        assertThat(tests.get("/api/v1/audit?q=self-test%20" + test.at("/id").asLong()).toString())
                .contains("self-test.created", peer.nextHop());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                            | Nothing to test",
                "{\"nextHop\":\"a b\"}                           | not a next hop",
                "{\"destination\":\"a b\"}                       | neither a domain",
                "{\"nextHop\":\"x.test\",\"destination\":\"x.test\"} | More than one"
            })
    void whatIsUnclearIsRefused(String body, String reason) throws Exception {
        HttpResponse<String> refused = admin.json("POST", PATH, body);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains(reason);
    }

    private void asks(FakeDns dns) throws Exception {
        admin.json(
                "PUT",
                "/api/v1/settings/dns",
                "{\"servers\":[\"%s\"],\"timeout\":\"PT1S\"}".formatted(dns.address()));
    }

    private static String rulings(JsonNode target) {
        return target.at("/levels")
                .valueStream()
                .map(one -> one.at("/level").asString() + " " + one.at("/outcome").asString())
                .collect(Collectors.joining(", "));
    }
}
