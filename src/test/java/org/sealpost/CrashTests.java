package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.SealpostProcess;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;

/**
 * 250 means safe: Sealpost is killed in the middle of its work, and every message it acknowledged
 * arrives all the same, with its bytes unchanged, also when the database file is gone after every
 * second kill, or every {@code sealpost.crash.loss}th. {@code sealpost.crash.seed} repeats a run.
 */
class CrashTests {

    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final int ROUNDS = FULL ? 20 : 2;
    private static final int CONNECTIONS = FULL ? 32 : 8;

    /** After so many kills the database file is deleted, too. */
    private static final int LOSS = Integer.getInteger("sealpost.crash.loss", 2);

    private static final Duration SOON = Duration.ofSeconds(60);

    /** Twenty thousand messages wait after the long form; what counts is that arrivals go on. */
    private static final Duration LONGEST_REST = Duration.ofMinutes(30);

    /** Longer than the wait after a few failed attempts. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;

    private final Map<String, String> sent = new ConcurrentHashMap<>();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

    @Test
    void everyAcknowledgedMessageArrivesThoughTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("sealpost.crash.seed", System.nanoTime());
        var random = new Random(seed);
        try (var sink = new SmtpPeer();
                var sealpost = new SealpostProcess(folder, sink.nextHop())) {
            for (int round = 1; round <= ROUNDS; round++) {
                sendUntilKilled(sealpost, sink, round, random);
                if (round % LOSS == 0) {
                    sealpost.loseDatabase();
                }
                sealpost.startAgain();
            }
            var arrivals = new Arrivals(sink);
            await().atMost(LONGEST_REST)
                    .until(() -> arrivals.haveAll(acknowledged.keySet()) || arrivals.areOver());

            report(seed, arrivals);
            assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * CONNECTIONS);
            assertThat(arrivals.times.keySet()).containsAll(acknowledged.keySet());
        }
    }

    /**
     * In every other round the sink stops answering, so that messages are in the middle of their
     * delivery for longer than the database takes to write that down.
     */
    private void sendUntilKilled(
            SealpostProcess sealpost, SmtpPeer sink, int round, Random random) {
        var over = new AtomicBoolean();
        int before = acknowledged.size();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                String prefix = round + "-" + i + "-";
                long seed = random.nextLong();
                senders.execute(() -> send(sealpost.port(), prefix, new Random(seed), over));
            }
            int enough = CONNECTIONS + random.nextInt(40 * CONNECTIONS);
            try {
                if (round % 2 == 0) {
                    awaitAcknowledged(before + enough);
                    sink.fallsSilent(PeerStep.DATA);
                    enough += 40 * CONNECTIONS;
                }
                awaitAcknowledged(before + enough);
            } finally {
                sealpost.kill();
                over.set(true);
                sink.agrees(PeerStep.DATA);
            }
        }
    }

    private void awaitAcknowledged(int enough) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> acknowledged.size() >= enough);
    }

    /** Sends one message after the other until the line breaks for good. */
    private void send(int port, String prefix, Random random, AtomicBoolean over) {
        int number = 0;
        while (!over.get()) {
            try (var client = new SmtpClient(port)) {
                while (!over.get()) {
                    String id = prefix + number++;
                    String body = body(id, random);
                    sent.put(id, sha256(body));
                    if (client.send("a@sender.example", id + "@crash.example", body)) {
                        acknowledged.put(id, sha256(body));
                    }
                }
            } catch (IOException killed) {
                // what was not acknowledged may be lost
            }
        }
    }

    private static String body(String id, Random random) {
        var body = new StringBuilder("Subject: " + id + "\r\n\r\n");
        int lines = random.nextInt(200);
        for (int i = 0; i < lines; i++) {
            body.append(i % 7 == 0 ? "." : "").append(random.nextLong()).append("\r\n");
        }
        return body.toString();
    }

    /** What the sink was sent so far; whatever arrived must be what a sender sent. */
    private final class Arrivals {

        private final SmtpPeer sink;
        private final Map<String, Integer> times = new HashMap<>();
        private int seen;
        private long newest = System.nanoTime();

        Arrivals(SmtpPeer sink) {
            this.sink = sink;
        }

        boolean haveAll(Set<String> ids) {
            List<SmtpPeer.Taken> taken = sink.taken();
            if (taken.size() > seen) {
                newest = System.nanoTime();
            }
            taken.subList(seen, taken.size()).forEach(this::add);
            seen = taken.size();
            return times.keySet().containsAll(ids);
        }

        /** Whether nothing has come for so long that nothing will. */
        boolean areOver() {
            return System.nanoTime() - newest > LONGEST_SILENCE.toNanos();
        }

        int duplicates() {
            return times.values().stream().mapToInt(often -> often - 1).sum();
        }

        private void add(SmtpPeer.Taken message) {
            String text = message.text();
            int end = text.indexOf("Subject: ");
            String body = text.substring(end);
            String id = body.substring("Subject: ".length(), body.indexOf("\r\n"));
            assertThat(text.substring(0, end)).startsWith("Received: ").endsWith("\r\n");
            assertThat(sha256(body)).as(id).isEqualTo(sent.get(id));
            times.merge(id, 1, Integer::sum);
        }
    }

    private void report(long seed, Arrivals arrivals) throws IOException {
        String report =
                "rounds %d, connections %d, database lost after every %d kills, sent %d, acknowledged %d, arrived %d, duplicates %d, seed %d%n"
                        .formatted(
                                ROUNDS,
                                CONNECTIONS,
                                LOSS,
                                sent.size(),
                                acknowledged.size(),
                                arrivals.times.size(),
                                arrivals.duplicates(),
                                seed);
        Files.writeString(Path.of("target", "crash-test.txt"), report);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
