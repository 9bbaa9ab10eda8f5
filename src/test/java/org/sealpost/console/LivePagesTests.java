package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.context.WebApplicationContext;

@RunningSealpost
class LivePagesTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NAME = "watcher";
    private static final String PASSWORD = "Amber-Lantern-52";

    private final int http;
    private final Listeners listeners;
    private final JdbcTemplate jdbc;
    private final Pages viewer;

    LivePagesTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            JdbcTemplate jdbc,
            WebApplicationContext application) {
        this.http = http;
        this.listeners = listeners;
        this.jdbc = jdbc;
        this.viewer = Pages.of(application);
    }

    @AfterEach
    void removeWatcher() {
        jdbc.update("delete from app_user where username = ?", NAME);
    }

    @Test
    void theListIsFilteredByTheAddressAndLeadsToTheDialogue() throws Exception {
        String page = afterASession("list.live.example", "submission");

        assertThat(page)
                .contains("<title>Live log", "data-stream=\"/live/stream?", "mail=0/1", ">refused<")
                .doesNotContain("No event matches");
        Matcher event = Pattern.compile("href=\"(/live/\\d+)\"").matcher(page);
        assertThat(event.find()).isTrue();
        assertThat(viewer.get(event.group(1)))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "EHLO list.live.example",
                        "530 5.7.0 Must issue a STARTTLS command first",
                        "list.live.example</dd>",
                        "127.0.0.1:");
        assertThat(viewer.get("/live?host=list.live.example&listener=smtp"))
                .bodyText()
                .contains("No event matches these filters.", "Clear all filters");
        assertThat(viewer.get("/live?host=list.live.example&until=2025-01-31T12:00"))
                .bodyText()
                .contains("No event matches")
                .doesNotContain("data-stream");
        assertThat(viewer.get("/live/1")).hasStatus(404).bodyText().contains("<nav");
    }

    @Test
    void aTimeThatCannotBeReadIsToldAndTheRestStillShown() {
        assertThat(viewer.get("/live?since=yesterday"))
                .hasStatus(422)
                .bodyText()
                .contains(
                        "“yesterday” is not a time.", "href=\"#since\"", "<tbody id=\"live-rows\"")
                .doesNotContain("data-stream");
    }

    @Test
    void whatAPeerSaysIsNeverMarkup() throws Exception {
        SmtpPeer.talk(port("smtp"), "EHLO <script>alert(3)</script>.live.example", "QUIT");

        assertThat(viewer.get("/live?q=alert(3)")).bodyText().doesNotContain("<script>alert");
    }

    @Test
    void aStreamTellsWhatComesAndEndsWithTheSession() throws Exception {
        addWatcher();
        try (var session = new ConsoleSession(http, NAME, PASSWORD)) {
            HttpResponse<InputStream> answer = session.stream("/live/stream?host=stream.live");
            assertThat(answer.statusCode()).isEqualTo(200);
            try (var lines = reader(answer)) {
                SmtpPeer.talk(port("smtp"), "EHLO stream.live.example", "QUIT");
                assertThat(next(lines, "data:")).contains("<tr class=\"event\" ");

                session.signOut();
                assertThat(atEnd(lines)).succeedsWithin(SOON);
            }
            assertThat(session.stream("/live/stream").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aStreamEndsWhenItsUserIsRemoved() throws Exception {
        addWatcher();
        try (var session = new ConsoleSession(http, NAME, PASSWORD);
                var lines = reader(session.stream("/live/stream"))) {
            removeWatcher();

            assertThat(atEnd(lines)).succeedsWithin(SOON);
        }
    }

    @Test
    void aStreamGoesOnBehindTheLastEventSeen() throws Exception {
        String page = afterASession("gap.live.example", "smtp");
        Matcher event = Pattern.compile("href=\"/live/(\\d+)\"").matcher(page);
        assertThat(event.find()).isTrue();
        long before = Long.parseLong(event.group(1)) - 1;
        addWatcher();

        try (var session = new ConsoleSession(http, NAME, PASSWORD);
                var lines = reader(session.stream("/live/stream?host=gap.live&after=" + before))) {
            assertThat(next(lines, "id:")).isEqualTo("id:" + event.group(1));
        }
    }

    private String afterASession(String name, String listener) throws IOException {
        SmtpPeer.talk(port(listener), "EHLO " + name, "MAIL FROM:<x@" + name + ">");
        return await().atMost(SOON)
                .until(
                        () -> text("/live?host=" + name),
                        text -> !text.contains("No event matches"));
    }

    private String text(String path) throws IOException {
        return viewer.get(path).getResponse().getContentAsString();
    }

    private void addWatcher() throws Exception {
        assertThat(
                        HttpCaller.administrator(http)
                                .json(
                                        "POST",
                                        "/api/v1/users",
                                        "{\"username\":\"%s\",\"password\":\"%s\",\"roles\":[\"viewer\"]}"
                                                .formatted(NAME, PASSWORD))
                                .statusCode())
                .isEqualTo(201);
    }

    private static BufferedReader reader(HttpResponse<InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader lines, String start) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("the stream ended before " + start);
    }

    /** Completes when the server has closed the stream. */
    private static CompletableFuture<Long> atEnd(BufferedReader lines) {
        return CompletableFuture.supplyAsync(() -> lines.lines().count())
                .orTimeout(15, TimeUnit.SECONDS);
    }

    private int port(String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
