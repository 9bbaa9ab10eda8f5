package org.sealpost.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** More events than the database takes: mail goes on, outcomes are kept, the loss is counted. */
@RunningSealpost
class FloodTests {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MESSAGES = 20;
    private static final int FLOOD = Boolean.getBoolean("sealpost.test.full") ? 100_000 : 5_000;

    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;
    private final JdbcTemplate jdbc;
    private final MeterRegistry meters;
    private final ApplicationEventPublisher events;

    FloodTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            JsonMapper json,
            JdbcTemplate jdbc,
            MeterRegistry meters,
            ApplicationEventPublisher events) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
        this.jdbc = jdbc;
        this.meters = meters;
        this.events = events;
    }

    @AfterEach
    void clear() {
        jdbc.update("delete from connection_event where host = 'flood.example'");
    }

    @Test
    void deliveryGoesOnAndTheLossIsCounted() throws Exception {
        double lostBefore = lost();
        try (var peer = new SmtpPeer()) {
            String made =
                    admin.json(
                                    "POST",
                                    "/api/v1/routes",
                                    "{\"pattern\":\"flooded.example\",\"nextHop\":\"%s\"}"
                                            .formatted(peer.nextHop()))
                            .body();
            var flood = CompletableFuture.runAsync(this::flood);
            try (var client = new SmtpClient(port())) {
                for (int i = 0; i < MESSAGES; i++) {
                    assertThat(client.send("a@b.example", "c@flooded.example", "x\r\n")).isTrue();
                }
            }
            await().atMost(SOON).until(() -> peer.taken().size() == MESSAGES);
            flood.join();
            admin.json(
                    "DELETE", "/api/v1/routes/" + json.readTree(made).get("id").asString(), null);
        }

        // Asking waits until everything before it is written.
        await().atMost(SOON).until(() -> count("q=c@flooded.example&result=delivered") == MESSAGES);
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(kept() + lost() - lostBefore).isGreaterThanOrEqualTo(FLOOD));
    }

    @Test
    void whatTheDatabaseDoesNotTakeIsCountedAndOutcomesLast() throws Exception {
        var ids = new EventIds(Clock.systemUTC(), 0);
        var buffer = new EventBuffer(ids, new EventBuffer.Bounds(500, 10_000_000, 500, 5_000));
        var stuck = new CountDownLatch(1);
        Queue<ConnectionEvent> written = new ConcurrentLinkedQueue<>();
        var writer =
                new EventWriter(
                        buffer,
                        batch -> {
                            awaitUninterruptibly(stuck);
                            batch.forEach(entry -> written.add(entry.event()));
                        });
        writer.start();

        for (int i = 0; i < 5_000; i++) {
            buffer.add(id -> ConnectionEvent.internal(id, "session", "finer"));
        }
        for (int i = 0; i < 1_000; i++) {
            buffer.addOutcome(id -> ConnectionEvent.internal(id, "delivery", "outcome"));
        }
        assertThat(buffer.neverKept()).isEqualTo(4_500);
        stuck.countDown();
        assertThat(buffer.awaitWritten(10_000)).isTrue();
        writer.close(10_000);

        assertThat(written).filteredOn(event -> event.text().equals("outcome")).hasSize(1_000);
        assertThat(written).filteredOn(event -> event.text().equals("finer")).hasSize(500);
        assertThat(written)
                .filteredOn(event -> event.type().equals("note"))
                .singleElement()
                .satisfies(note -> assertThat(note.text()).startsWith("4500 events of sessions"));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flood() {
        for (int i = 0; i < FLOOD; i++) {
            events.publishEvent(
                    new InboundSession(
                            Instant.now(),
                            "flood",
                            "smtp",
                            "192.0.2.1:4000",
                            "flood.example",
                            null,
                            null,
                            List.of(),
                            "quit",
                            1,
                            1,
                            1,
                            List.of(new InboundSession.Step(0, "S: 220 hello")),
                            false));
        }
    }

    private double lost() {
        return meters.get("sealpost.events.dropped").functionCounter().count();
    }

    private long kept() {
        Long rows =
                jdbc.queryForObject(
                        "select count(*) from connection_event where host = 'flood.example'",
                        Long.class);
        return rows == null ? 0 : rows;
    }

    private long count(String query) throws Exception {
        return json.readTree(admin.get("/api/v1/events?" + query).body()).get("total").asLong();
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
