package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every file of {@code smtp/dialogues}, said to the real listeners. */
@RunningSealpost
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DialogueTests {

    private static final Path FOLDER = Path.of("src/test/resources/smtp/dialogues");

    /** A stranger is a client that is in none of these networks. */
    private static final RelaySettings FOR_STRANGERS =
            new RelaySettings(List.of("192.0.2.0/24"), List.of("own.example", ".own.example"));

    private final Listeners listeners;
    private final Settings settings;
    private final QueuedMessages queued;
    private final HttpCaller api;
    private final JsonMapper json;
    private final RunningListener small;
    private final RunningListener impatient;
    private final RunningListener encrypt;
    private final RunningListener proxied;
    private final SmtpPeer peer = new SmtpPeer();
    private final RelaySettings forTrusted;

    DialogueTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            Settings settings,
            QueuedMessages queued,
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            JsonMapper json)
            throws IOException {
        this.listeners = listeners;
        this.settings = settings;
        this.queued = queued;
        this.json = json;
        forTrusted = settings.get(RelaySettings.SECTION);
        api = HttpCaller.administrator(http);
        var few = ListenerSettings.Limits.of(60, 3, 4, 2000, 2, 1000, 50);
        var quick = ListenerSettings.Limits.of(1, 3, 4, 2000, 2, 1000, 50);
        small = TestListeners.start(sealpost, events, "small", "may", few);
        impatient = TestListeners.start(sealpost, events, "impatient", "may", quick);
        encrypt =
                TestListeners.start(
                        sealpost, events, "encrypt", "encrypt", ListenerSettings.Limits.STANDARD);
        proxied = TestListeners.start(sealpost, events, TestListeners.behindProxy("127.0.0.1/32"));
    }

    @BeforeAll
    void prepare() throws Exception {
        for (String pattern : List.of("to.example", "own.example", ".own.example", ".test")) {
            changed(
                    "/api/v1/routes",
                    "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}".formatted(pattern, peer.nextHop()));
        }
        changed("/api/v1/smtp-users", account("dialogue", ""));
        changed("/api/v1/smtp-users", account("bound", "\"me@to.example\""));
    }

    private static String account(String username, String senders) {
        return "{\"username\":\"%s\",\"password\":\"Horse-Battery-7\",\"senders\":[%s]}"
                .formatted(username, senders);
    }

    private void changed(String path, String body) throws Exception {
        var response = api.json("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    @AfterAll
    void restore() throws Exception {
        for (RunningListener listener : List.of(small, impatient, encrypt, proxied)) {
            listener.beginStop();
            listener.finishStop(Instant.now());
        }
        relayFor(forTrusted);
        for (JsonNode route : json.readTree(api.get("/api/v1/routes").body()).get("items")) {
            api.json("DELETE", "/api/v1/routes/" + route.get("id").asLong(), null);
        }
        for (String account : List.of("dialogue", "bound")) {
            api.json("DELETE", "/api/v1/smtp-users/" + account, null);
        }
        peer.close();
    }

    static Stream<Dialogue> dialogues() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".smtp"))
                    .sorted()
                    .map(DialogueTests::read)
                    .toList()
                    .stream();
        }
    }

    private static Dialogue read(Path file) {
        try {
            return Dialogue.read(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialogues")
    void says(Dialogue dialogue) throws Exception {
        relayFor(
                dialogue.setting("client", "trusted").equals("stranger")
                        ? FOR_STRANGERS
                        : forTrusted);
        int before = peer.taken().size();
        String listener = dialogue.setting("listener", "smtp");
        int delivered = 0;
        try (var client = new DialogueClient(dialogue, port(listener), listener.equals("smtps"))) {
            for (Dialogue.Step step : dialogue.steps()) {
                if (client.play(step)) {
                    continue;
                }
                switch (step.mark()) {
                    case "DELIVERED" -> delivered = Integer.parseInt(step.text());
                    case "BODY" ->
                            assertThat(bodyOf(taken(before, delivered)))
                                    .as(client.transcript())
                                    .isEqualTo(new String(step.raw(), StandardCharsets.ISO_8859_1));
                    case "ENVELOPE" ->
                            assertThat(taken(before, delivered).commands())
                                    .as(client.transcript())
                                    .contains(step.text());
                    case "HEADER" ->
                            assertThat(taken(before, delivered).text())
                                    .as(client.transcript())
                                    .containsPattern(step.text());
                    default ->
                            throw new IllegalArgumentException(
                                    dialogue.file() + ":" + step.line() + " " + step.mark());
                }
            }
            int wanted = delivered;
            // Whoever hung up had no answer to wait for, so the server may still be at it.
            boolean hungUp =
                    dialogue.steps().stream().anyMatch(step -> step.mark().equals("HANGUP"));
            await().atMost(Duration.ofSeconds(10))
                    .pollDelay(hungUp ? Duration.ofMillis(100) : Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .untilAsserted(() -> {
                        assertThat(queued.count(new QueueFilter("@sender.example", null, null)))
                                .as("still queued\n%s", client.transcript())
                                .isZero();
                        assertThat(peer.taken().size() - before)
                                .as("messages delivered\n%s", client.transcript())
                                .isGreaterThanOrEqualTo(wanted);
                    });
            assertThat(peer.taken().size() - before)
                    .as("messages delivered\n%s", client.transcript())
                    .isEqualTo(wanted);
        }
    }

    private SmtpPeer.Taken taken(int before, int count) {
        await().atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> peer.taken().size() >= before + count);
        return peer.taken().get(before + count - 1);
    }

    /** The message without our Received line. */
    private static String bodyOf(SmtpPeer.Taken message) {
        assertThat(message.text()).startsWith("Received: ");
        return message.text().replaceFirst("(?s)\\A.*?\r\n(?=[^\t])", "");
    }

    private void relayFor(RelaySettings relay) {
        if (!settings.get(RelaySettings.SECTION).equals(relay)) {
            SecurityContextHolder.getContext()
                    .setAuthentication(
                            new TestingAuthenticationToken("test", "", "settings:write"));
            try {
                settings.update(RelaySettings.SECTION, relay, null);
            } finally {
                SecurityContextHolder.clearContext();
            }
        }
    }

    private int port(String name) {
        return switch (name) {
            case "small" -> small.port();
            case "impatient" -> impatient.port();
            case "encrypt" -> encrypt.port();
            case "proxied" -> proxied.port();
            default ->
                    listeners.list().stream()
                            .filter(state -> state.settings().name().equals(name))
                            .findAny()
                            .orElseThrow()
                            .boundPort();
        };
    }
}
