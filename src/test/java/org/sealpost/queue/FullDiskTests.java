package org.sealpost.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.AttemptResult.Outcome;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.testing.Database;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** A spool on a file system of four megabytes, which root can make. */
class FullDiskTests {

    private static final int MEGABYTE = 1024 * 1024;
    private static final ApplicationEventPublisher NOBODY = event -> {};

    @TempDir private Path disk;
    private Spool spool;
    private SpoolMessageStore store;
    private StoredQueue queue;

    @BeforeEach
    void mount() throws Exception {
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk.toString()))
                .as("this test needs the right to mount a tmpfs, which root has")
                .isZero();
        Database.H2.emptyQueue();
        var jdbc = new JdbcTemplate(Database.H2.shared());
        var index = new QueueIndex(jdbc, JsonMapper.shared(), QueueDatabase.EMBEDDED);
        spool = new Spool(disk.resolve("spool"), JsonMapper.shared());
        var identity = new SpoolIdentity(disk.resolve("spool"), JdbcClient.create(jdbc));
        store = new SpoolMessageStore(spool, identity, index, MEGABYTE);
        store.create();
        queue =
                new StoredQueue(
                        store,
                        index,
                        () -> RetrySettings.standard(Duration.ofMinutes(5)),
                        NOBODY,
                        Clock.systemUTC(),
                        new Random(1));
        queue.open();
    }

    @AfterEach
    void unmount() throws Exception {
        if (store != null) {
            store.close();
        }
        run("umount", disk.toString());
    }

    @Test
    void belowTheWatermarkMailIsRefusedBeforeItIsSentAndDeliveryGoesOn() throws Exception {
        QueueId waiting = accept(1000);
        Path other = disk.resolve("other");
        Files.write(other, new byte[3 * MEGABYTE - MEGABYTE / 2]);

        assertThat(queue.hasRoomFor(0)).isTrue();
        assertThat(queue.hasRoomFor(MEGABYTE)).as("a message of the announced SIZE").isFalse();
        Files.write(other, new byte[3 * MEGABYTE]);
        assertThat(queue.hasRoomFor(0)).isFalse();
        assertThatExceptionOfType(QueueFull.class).isThrownBy(() -> accept(10));

        assertThat(deliver()).containsExactly(waiting);
        Files.delete(other);
        assertThat(queue.hasRoomFor(MEGABYTE)).isTrue();
        accept(10);
    }

    @Test
    void aDiskThatFillsUnderAMessageLeavesNothingOfItAndServesAgain() throws Exception {
        QueueId waiting = accept(1000);

        // Announced without SIZE, so that only the disk can refuse it.
        assertThatExceptionOfType(QueueFull.class).isThrownBy(() -> accept(5 * MEGABYTE));

        assertThat(files()).containsExactly(waiting + ".msg");
        QueueId next = accept(2000);
        assertThat(deliver()).containsExactlyInAnyOrder(waiting, next);
        assertThat(files()).isEmpty();
    }

    @Test
    void aResultThatDoesNotFitDoesNotDamageTheMessage() throws Exception {
        QueueId id = accept(1000);
        try (var full = Files.newOutputStream(disk.resolve("other"))) {
            byte[] block = new byte[4096];
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            full.write(block);
                        }
                    });
        }
        var record =
                new SpoolRecord(
                        Instant.now(),
                        List.of(new SpoolRecord.Settled(0, "delivered", "x".repeat(9000))));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> spool.append(id, record));

        assertThat(spool.verify(id).settled()).isEmpty();
        Files.delete(disk.resolve("other"));
        spool.append(id, record);
        assertThat(spool.verify(id).settled()).isEqualTo(record.settled());
    }

    private QueueId accept(int size) throws IOException, QueueFull {
        QueueId id = queue.newId();
        var recipient = new Envelope.Recipient(address("b@example.com"), null, null);
        queue.accept(
                id,
                new Envelope(null, List.of(recipient), false, false, null, null, null),
                new ByteArrayInputStream(new byte[size]));
        return id;
    }

    /** Delivers all that is due, reading each to its end. */
    private List<QueueId> deliver() throws IOException {
        var delivered = new ArrayList<QueueId>();
        Instant now = Instant.now();
        for (ClaimedMessage message : queue.claim(9, now, _ -> Optional.empty())) {
            try (InputStream body = queue.body(message.id())) {
                assertThat(body.readAllBytes()).hasSize((int) message.size());
            }
            var result =
                    new RecipientResult(
                            address("b@example.com"),
                            Outcome.DELIVERED,
                            "250 ok",
                            null,
                            null,
                            null);
            queue.settle(message.id(), new AttemptResult(now, List.of(result)));
            delivered.add(message.id());
        }
        return delivered;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(disk.resolve("spool"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".id"))
                    .toList();
        }
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
