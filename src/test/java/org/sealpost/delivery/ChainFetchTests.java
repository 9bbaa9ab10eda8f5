package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.certificate.Fingerprints;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.testing.FakeDns;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.sealpost.tls.TlsLevel;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server shows is fetched as delivery would see it, and only from where it may be. */
@RunningSealpost
class ChainFetchTests {

    private static final String FETCH = "/api/v1/certificates/fetch";
    private static final String PASSWORD = "Grandiose-Marmot-0";

    private final HttpCaller admin;
    private final HttpCaller keeper;
    private final TlsPolicies policies;
    private final JsonMapper json = JsonMapper.builder().build();
    private final TestCa ca = TestCa.create("Fetched CA");
    private final SmtpPeer peer;

    ChainFetchTests(@Value("${local.server.port}") int http, TlsPolicies policies)
            throws IOException {
        this.admin = HttpCaller.administrator(http);
        this.keeper = admin.as("fetcher", PASSWORD);
        this.policies = policies;
        this.peer = new SmtpPeer();
    }

    @BeforeEach
    void aKeeperOfCertificates() throws Exception {
        int status =
                admin.json(
                                "POST",
                                "/api/v1/users",
                                "{\"username\":\"fetcher\",\"password\":\"%s\",\"roles\":[\"certificate-manager\"]}"
                                        .formatted(PASSWORD))
                        .statusCode();
        assertThat(status).isIn(201, 409);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
    }

    @Test
    void showsTheChainWithEveryCheckAndSaysNothingThatWouldSendMail() throws Exception {
        TestCa.Identity identity = ca.leaf("localhost").issue();
        peer.offersStarttls(identity);

        JsonNode seen = seen(admin, peer.nextHop(), "auto");

        assertThat(seen.at("/server").asString()).isEqualTo("localhost[127.0.0.1]:" + peer.port());
        assertThat(seen.at("/connect").asString()).isEqualTo("starttls");
        assertThat(seen.at("/protocol").asString()).isEqualTo("TLSv1.3");
        assertThat(seen.at("/status").asString()).isEqualTo("Untrusted");
        assertThat(results(seen))
                .isEqualTo(
                        "connect pass, starttls pass, handshake pass, protocol pass, cipher pass,"
                                + " chain fail, validity pass, name pass");
        assertThat(seen.at("/chain")).hasSize(2);
        assertThat(seen.at("/chain/0/subject").asString()).isEqualTo("CN=localhost");
        assertThat(seen.at("/chain/0/pem").asString() + seen.at("/chain/1/pem").asString())
                .isEqualTo(identity.chainPem());
        assertThat(json.treeToValue(seen.at("/chain/0/fingerprints"), Fingerprints.class))
                .isEqualTo(Fingerprints.of(identity.chain()));
        assertThat(seen.at("/warning").asString()).contains("over another channel");
        await().untilAsserted(() ->
                assertThat(peer.heard())
                        .containsExactly("EHLO relay.example.test", "STARTTLS", "QUIT"));
    }

    @Test
    void theRuleOfTheNextHopJudgesTheSameSession() throws Exception {
        TestCa.Identity identity = ca.leaf("localhost").issue();
        peer.beginsWithTls(identity);
        long anchor =
                created(
                        admin.send(
                                "POST",
                                "/api/v1/certificates?purpose=anchor",
                                ca.pem(),
                                "text/plain"));
        long rule =
                created(
                        admin.json(
                                "POST",
                                "/api/v1/policies",
                                "{\"nextHop\":\"%s\",\"level\":\"secure\",\"attributes\":{\"tafile\":[\"%d\"]}}"
                                        .formatted(peer.nextHop(), anchor)));

        JsonNode seen = seen(admin, peer.nextHop(), "implicit");

        assertThat(seen.at("/connect").asString()).isEqualTo("implicit");
        assertThat(seen.at("/status").asString()).isEqualTo("Verified");
        assertThat(results(seen)).contains("chain pass", "name pass").doesNotContain("fail");
        assertThat(seen.at("/rule/outcome").asString()).isEqualTo("deliver-encrypted");
        assertThat(seen.at("/rule/matchedKey").asString()).isEqualTo(peer.nextHop());
        await().untilAsserted(() ->
                assertThat(peer.heard()).containsExactly("EHLO relay.example.test", "QUIT"));
        admin.json("DELETE", "/api/v1/policies/" + rule, null);
        admin.json("DELETE", "/api/v1/certificates/" + anchor, null);
    }

    @Test
    void aPinThatNoLongerMatchesIsTold() throws Exception {
        peer.offersStarttls(ca.leaf("localhost").issue());
        long rule =
                created(
                        admin.json(
                                "POST",
                                "/api/v1/policies",
                                "{\"nextHop\":\"%s\",\"level\":\"fingerprint\",\"attributes\":{\"match\":[\"sha256:%s\"]}}"
                                        .formatted(peer.nextHop(), "AA:".repeat(31) + "AA")));

        JsonNode seen = seen(admin, peer.nextHop(), "starttls");

        assertThat(seen.at("/rule/outcome").asString()).isEqualTo("defer");
        assertThat(seen.at("/rule/checks").toString()).contains("\"pin\",\"result\":\"fail\"");
        assertThat(results(seen)).contains("name pass");
        admin.json("DELETE", "/api/v1/policies/" + rule, null);
    }

    @Test
    void withoutTlsThereIsNoChain() throws Exception {
        JsonNode seen = seen(admin, peer.nextHop(), "auto");

        assertThat(seen.at("/chain")).isEmpty();
        assertThat(results(seen)).isEqualTo("starttls fail");
        assertThat(seen.at("/protocol").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-secret", "500 secret", "220 secret\r\n500 secret", "secret"})
    void whatIsNoMailServerIsNotQuoted(String banner) throws Exception {
        try (var stranger = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greetOnce(stranger, banner));

            JsonNode seen = seen(admin, "[localhost]:" + stranger.getLocalPort(), "auto");

            assertThat(results(seen)).isEqualTo("connect fail");
            assertThat(seen.toString()).doesNotContain("secret");
        }
    }

    private static void greetOnce(ServerSocket stranger, String banner) {
        try (var socket = stranger.accept()) {
            socket.getOutputStream().write((banner + "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // the test is over
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[127.0.0.1]:2525         | a loopback address",
                "[ipv6:::1]               | a loopback address",
                "[localhost]:465          | a loopback address",
                "[10.1.2.3]               | a private address",
                "[ipv6:64:ff9b::7f00:1]   | a loopback address",
                "[192.0.2.1]:22           | Port 22",
                "mx.fetch.example:8080    | Port 8080"
            })
    void theNetworkBehindTheRelayIsForAdministratorsOnly(String nextHop, String reason)
            throws Exception {
        HttpResponse<String> refused = fetch(keeper, nextHop, "auto");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
        assertThat(json.readTree(refused.body()).at("/detail").asString()).contains(reason);
        assertThat(json.readTree(refused.body()).at("/remedy").asString()).contains("dministrator");
        JsonNode audited =
                json.readTree(admin.get("/api/v1/audit?q=access.denied&size=1").body())
                        .at("/items/0");
        assertThat(audited.at("/actor").asString()).isEqualTo("fetcher");
        assertThat(audited.toString()).contains("POST /api/v1/certificates/fetch");
    }

    @Test
    void aRouteOpensItsNextHopForThem() throws Exception {
        long route =
                created(
                        admin.json(
                                "POST",
                                "/api/v1/routes",
                                "{\"pattern\":\"fetch.example\",\"nextHop\":\"[127.0.0.1]:2525\"}"));

        assertThat(fetch(keeper, "[127.0.0.1]:2525", "auto").statusCode()).isEqualTo(200);
        assertThat(fetch(keeper, "[127.0.0.1]:587", "auto").statusCode()).isEqualTo(403);
        admin.json("DELETE", "/api/v1/routes/" + route, null);
    }

    @Test
    void whereDnsLeadsInsideNobodyIsConnected() throws Exception {
        String before = admin.get("/api/v1/settings/dns").body();
        try (var dns = new FakeDns();
                var inside = new ServerSocket(2525, 5, InetAddress.ofLiteral("127.0.0.77"))) {
            dns.knows("fetch.example MX 10 mx.fetch.example.", "mx.fetch.example A 127.0.0.77");
            admin.json(
                    "PUT",
                    "/api/v1/settings/dns",
                    "{\"servers\":[\"%s\"],\"timeout\":\"PT1S\"}".formatted(dns.address()));
            inside.setSoTimeout(1);

            JsonNode byMx = seen(keeper, "fetch.example:2525", "auto");
            HttpResponse<String> named = fetch(keeper, "[mx.fetch.example]:2525", "auto");

            assertThat(byMx.at("/checks/0/seen").asString())
                    .contains("127.0.0.77", "a loopback address");
            assertThat(named.statusCode()).isEqualTo(403);
            assertThatThrownBy(inside::accept).isInstanceOf(SocketTimeoutException.class);
        } finally {
            admin.json("PUT", "/api/v1/settings/dns", before);
        }
    }

    @Test
    void aServerThatKeepsTalkingSlowlyIsCutOff() {
        peer.fallsSilent(PeerStep.EHLO);
        var minute = Duration.ofMinutes(1);
        var connector =
                new Connector(
                        Clock.systemUTC(),
                        new TimeLimits(minute, minute, minute, minute, minute),
                        Duration.ofMillis(200));

        var result =
                connector.open(
                        new Targets.Target(
                                "localhost", InetAddress.getLoopbackAddress(), peer.port()),
                        new Connector.Request(
                                policies.byDefault(
                                        NextHop.parse(peer.nextHop()).orElseThrow(),
                                        TlsLevel.SECURE),
                                "relay.example.test",
                                Duration.ZERO,
                                null),
                        new Transcript(Clock.systemUTC()));

        assertThat(result).isInstanceOf(Connector.Result.Unreachable.class);
    }

    @Test
    void whatIsNoNextHopIsRefusedAtItsField() throws Exception {
        HttpResponse<String> refused = fetch(keeper, "no next hop", "auto");
        HttpResponse<String> unknown = fetch(keeper, "fetch.example", "telnet");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("\"nextHop\"");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(unknown.body()).contains("\"connect\"");
    }

    private JsonNode seen(HttpCaller caller, String nextHop, String connect) throws Exception {
        HttpResponse<String> response = fetch(caller, nextHop, connect);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body());
    }

    private static HttpResponse<String> fetch(HttpCaller caller, String nextHop, String connect)
            throws Exception {
        return caller.json(
                "POST",
                FETCH,
                "{\"nextHop\":\"%s\",\"connect\":\"%s\"}".formatted(nextHop, connect));
    }

    private long created(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return json.readTree(response.body()).at("/id").asLong();
    }

    private static String results(JsonNode seen) {
        return seen.at("/checks")
                .valueStream()
                .map(check -> check.at("/name").asString() + " " + check.at("/result").asString())
                .collect(Collectors.joining(", "));
    }
}
