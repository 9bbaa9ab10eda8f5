package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sealpost.selftest.SelfTestClient.steps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** What a server does, the steps that show it, and what mail would meet there. */
@RunningSealpost
class DestinationTableTests {

    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final TestCa CA = TestCa.create("Self-test CA");
    private static final TestCa.Identity GOOD = CA.leaf("localhost").issue();
    private static final String IN_CLEAR = "dns pass, connect pass, banner pass, ehlo pass, ";
    private static final String TO_TLS = IN_CLEAR + "starttls pass, handshake pass, ";

    private final Configurer configurer;
    private final SelfTestClient tests;
    private final HttpCaller admin;
    private final Listeners listeners;
    private long anchor;

    DestinationTableTests(@Value("${local.server.port}") int http, Listeners listeners) {
        configurer = new Configurer(http);
        admin = HttpCaller.administrator(http);
        tests = new SelfTestClient(admin);
        this.listeners = listeners;
    }

    @AfterEach
    void clean() throws Exception {
        configurer.removeAll();
    }

    /** Level of the rule, the server, the steps that were not left out, outcome and code. */
    @SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
    enum Case {
        TRUSTED(
                "secure",
                peer -> peer.offersStarttls(GOOD),
                TO_TLS + "chain pass, expiry pass, name pass, ehlo2 pass, policy pass",
                "deliver-encrypted null"),
        SELF_SIGNED_IS_ENOUGH_FOR_ENCRYPT(
                "encrypt",
                peer -> peer.offersStarttls(TestCa.selfSigned("localhost")),
                TO_TLS + "chain warn, expiry pass, name pass, ehlo2 pass, policy pass",
                "deliver-encrypted null"),
        SELF_SIGNED_IS_NOT_ENOUGH_FOR_SECURE(
                "secure",
                peer -> peer.offersStarttls(TestCa.selfSigned("localhost")),
                TO_TLS + "chain fail, expiry pass, name pass, policy fail",
                "defer 4.7.5"),
        OTHER_NAME(
                "secure",
                peer -> peer.offersStarttls(CA.leaf("other.example").issue()),
                TO_TLS + "chain pass, expiry pass, name fail, policy fail",
                "defer 4.7.5"),
        OTHER_NAME_UNDER_ENCRYPT(
                "encrypt",
                peer -> peer.offersStarttls(CA.leaf("other.example").issue()),
                TO_TLS + "chain warn, expiry pass, name warn, ehlo2 pass, policy pass",
                "deliver-encrypted null"),
        EXPIRED_UNDER_ENCRYPT(
                "encrypt",
                peer -> peer.offersStarttls(CA.leaf("localhost").expired().issue()),
                TO_TLS + "chain fail, expiry fail, name pass, ehlo2 pass, policy pass",
                "deliver-encrypted null"),
        EXPIRED(
                "secure",
                peer -> peer.offersStarttls(CA.leaf("localhost").expired().issue()),
                TO_TLS + "chain fail, expiry fail, name pass, policy fail",
                "defer 4.7.5"),
        OTHER_PIN(
                "fingerprint",
                peer -> peer.offersStarttls(GOOD),
                TO_TLS + "chain warn, expiry pass, name pass, pin fail, policy fail",
                "defer 4.7.5"),
        IMPLICIT(
                "implicit",
                peer -> peer.beginsWithTls(GOOD),
                "dns pass, connect pass, banner pass, ehlo pass, handshake pass, chain pass,"
                        + " expiry pass, name pass, policy pass",
                "deliver-encrypted null"),
        NO_STARTTLS_UNDER_MAY(
                "may", peer -> {}, IN_CLEAR + "starttls warn, policy warn", "deliver-clear null"),
        NO_STARTTLS("encrypt", peer -> {}, IN_CLEAR + "starttls fail, policy fail", "defer 4.7.4"),
        LEVEL_NONE(
                "none",
                peer -> peer.offersStarttls(GOOD),
                IN_CLEAR + "policy warn",
                "deliver-clear null"),
        STARTTLS_REFUSED(
                "encrypt",
                peer -> peer.offersStarttls(GOOD).answers(PeerStep.STARTTLS, "454 4.7.0 not now"),
                IN_CLEAR + "starttls fail, policy fail",
                "defer 4.7.4"),
        STARTTLS_BREAKS(
                "encrypt",
                peer -> peer.offersStarttls(GOOD).drops(PeerStep.STARTTLS),
                IN_CLEAR + "starttls fail, policy fail",
                "null null"),
        CLEAR_TEXT_FOR_A_HANDSHAKE(
                "may",
                peer ->
                        peer.offersStarttls(GOOD)
                                .answers(PeerStep.HANDSHAKE, "250 no TLS after all"),
                IN_CLEAR + "starttls pass, handshake fail, policy fail",
                "defer 4.7.5"),
        HANDSHAKE_BREAKS(
                "encrypt",
                peer -> peer.offersStarttls(GOOD).drops(PeerStep.HANDSHAKE),
                IN_CLEAR + "starttls pass, handshake fail, policy fail",
                "defer 4.7.5"),
        GOES_AWAY_BEFORE_THE_BANNER(
                "may",
                peer -> peer.drops(PeerStep.CONNECT),
                "dns pass, connect pass, banner fail, policy fail",
                "null null"),
        GREETS_WITH_AN_ERROR(
                "may",
                peer -> peer.answers(PeerStep.CONNECT, "554 5.3.2 secret"),
                "dns pass, connect pass, banner fail, policy fail",
                "null null"),
        IS_NO_MAIL_SERVER(
                "may",
                peer ->
                        peer.answers(PeerStep.CONNECT, "220 secret files")
                                .answers(PeerStep.EHLO, "500 secret")
                                .answers(PeerStep.HELO, "500 secret"),
                "dns pass, connect pass, banner pass, ehlo fail, policy fail",
                "null null"),
        KNOWS_ONLY_HELO(
                "may",
                peer -> peer.answers(PeerStep.EHLO, "502 5.5.1 what is EHLO"),
                IN_CLEAR + "starttls warn, policy warn",
                "deliver-clear null"),
        REFUSES_EHLO_UNDER_TLS(
                "encrypt",
                peer ->
                        peer.offersStarttls(GOOD)
                                .answers(PeerStep.EHLO_AGAIN, "421 4.3.2 not any more")
                                .answers(PeerStep.HELO, "421 4.3.2 not any more"),
                TO_TLS + "chain warn, expiry pass, name pass, ehlo2 fail, policy fail",
                "null null"),
        GOES_AWAY_UNDER_TLS(
                "encrypt",
                peer -> peer.offersStarttls(GOOD).drops(PeerStep.EHLO_AGAIN),
                TO_TLS + "chain warn, expiry pass, name pass, ehlo2 fail, policy fail",
                "null null");

        private final String level;
        private final Consumer<SmtpPeer> server;
        private final String steps;
        private final String verdict;

        Case(String level, Consumer<SmtpPeer> server, String steps, String verdict) {
            this.level = level;
            this.server = server;
            this.steps = steps;
            this.verdict = verdict;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServerDoesShowsInTheSteps(Case row) throws Exception {
        try (var peer = new SmtpPeer()) {
            row.server.accept(peer);
            rule(row.level, peer);

            JsonNode test = tests.run("nextHop", peer.nextHop());

            assertThat(test.at("/state").asString()).isEqualTo("done");
            JsonNode target = test.at("/targets/0");
            assertThat(target.at("/steps").valueStream().map(one -> one.at("/name").asString()))
                    .containsExactlyElementsOf(TargetSteps.NAMES);
            assertThat(steps(target)).as(test.toPrettyString()).isEqualTo(row.steps);
            assertThat(word(test, "outcome") + " " + word(test, "code")).isEqualTo(row.verdict);
            assertThat(test.at("/verdict")).isEqualTo(target.at("/verdict"));
            assertThat(test.toString()).doesNotContain("secret");
            await().untilAsserted(() ->
                    assertThat(peer.heard()).allMatch(DestinationTableTests::isHarmless));
        }
    }

    /** One value: mail meets what the test of the same server under the same rule said. */
    @Test
    void deliveryMeetsTheSameVerdict() throws Exception {
        List<Case> rows =
                IntStream.range(0, Case.values().length)
                        .filter(i -> FULL || i % 3 == 0)
                        .mapToObj(i -> Case.values()[i])
                        .toList();
        var peers = new ArrayList<SmtpPeer>();
        var said = new LinkedHashMap<Case, JsonNode>();
        try (var client = new SmtpClient(smtpPort())) {
            for (Case row : rows) {
                var peer = new SmtpPeer();
                peers.add(peer);
                row.server.accept(peer);
                rule(row.level, peer);
                configurer.route(domain(row), peer.nextHop());
            }
            for (Case row : rows) {
                said.put(row, tests.run("destination", "x@" + domain(row)).at("/verdict"));
                assertThat(client.send("a@sender.example", "x@" + domain(row), "S: x\r\n\r\nx\r\n"))
                        .isTrue();
            }

            var met = new LinkedHashMap<Case, JsonNode>();
            await().pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> {
                        JsonNode events =
                                tests.get(
                                        "/api/v1/events?direction=outbound&sort=at&size=500&q=table.example");
                        for (Case row : rows) {
                            events.at("/items")
                                    .valueStream()
                                    .filter(one ->
                                            one.at("/text")
                                                    .asString()
                                                    .contains("<x@" + domain(row)))
                                    .findFirst()
                                    .ifPresent(one -> met.put(row, one.at("/verdict")));
                        }
                        assertThat(met).hasSize(said.size());
                    });
            for (Case row : rows) {
                assertThat(met.get(row)).as(row.name()).isEqualTo(said.get(row));
            }
        } finally {
            admin.json(
                    "POST",
                    "/api/v1/queue/actions",
                    "{\"action\":\"delete\",\"filter\":{\"q\":\"table.example\"}}");
            for (SmtpPeer peer : peers) {
                peer.close();
            }
        }
    }

    private static String domain(Case row) {
        return row.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".table.example";
    }

    private int smtpPort() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }

    private static String word(JsonNode test, String field) {
        JsonNode value = test.at("/verdict/" + field);
        return value.isString() ? value.asString() : "null";
    }

    private static boolean isHarmless(String command) {
        return command.matches("(EHLO|HELO) relay.example.test|STARTTLS|QUIT");
    }

    /** Made once in a test, as {@link Configurer} removes it once. */
    private long anchor() throws Exception {
        if (anchor == 0) {
            anchor = configurer.anchor(CA.pem());
        }
        return anchor;
    }

    private void rule(String level, SmtpPeer peer) throws Exception {
        String attributes =
                switch (level) {
                    case "secure" -> "{\"tafile\":[\"%d\"]}".formatted(anchor());
                    case "implicit" ->
                            "{\"connect\":\"implicit\",\"tafile\":[\"%d\"]}".formatted(anchor());
                    case "fingerprint" -> "{\"match\":[\"sha256:" + "AA:".repeat(31) + "AA\"]}";
                    default -> "{}";
                };
        configurer.policy(peer.nextHop(), level.equals("implicit") ? "secure" : level, attributes);
    }
}
