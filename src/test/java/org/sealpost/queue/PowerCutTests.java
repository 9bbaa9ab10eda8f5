package org.sealpost.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.SpoolRecord.Settled;
import org.sealpost.queue.StoredEnvelope.StoredRecipient;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * The power is cut before and after every force, and while a body is written: what was promised is
 * whole on each disk that may be left, and what was not promised is whole or absent.
 */
@SuppressWarnings("NullAway.Init") // each test opens its own
class PowerCutTests {

    private static final int IMAGES = Boolean.getBoolean("sealpost.test.full") ? 300 : 4;
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final QueueId SMALL = new QueueId("01K87JARTI00A1");
    private static final QueueId LARGE = new QueueId("01K87JARTI00A2");
    private static final QueueId BESIDE = new QueueId("01K87JARTI00B1");
    private static final QueueId BROKEN = new QueueId("01K87JARTI00B2");

    private final long seed = Long.getLong("sealpost.power.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<QueueId, byte[]> bodies = new HashMap<>();
    private final Map<QueueId, List<SpoolRecord>> promised = new HashMap<>();
    private final Set<QueueId> leaving = new HashSet<>();
    private final Set<QueueId> gone = new HashSet<>();
    @TempDir private Path folder;
    private Path live;
    private UnsureDisk disk;
    private Spool spool;
    private QueueId current = SMALL;
    private boolean fails;
    private int cuts;

    @BeforeEach
    void open() throws IOException {
        live = folder.resolve("live");
        disk = new UnsureDisk(live, Files.createDirectories(folder.resolve("kept")));
        spool =
                new Spool(
                        live,
                        new SpoolFile(JsonMapper.shared(), this::forceFile),
                        new FolderForce(this::forceFolder));
        spool.open();
    }

    @Test
    void noPowerCutBreaksAPromise() throws IOException {
        store(SMALL, 10);
        store(LARGE, 200_000);
        append(SMALL, SpoolRecord.ofHold(NOON, true));
        append(LARGE, settled(0));
        store(BESIDE, 3_000);
        appendWhileTheDiskFails(LARGE, SpoolRecord.ofDelayTold(NOON));
        append(LARGE, settled(1));
        append(SMALL, SpoolRecord.ofHold(NOON, false));
        breakOff(BROKEN);
        remove(LARGE);
        append(BESIDE, SpoolRecord.ofDelayTold(NOON));
        remove(SMALL);
        assertThat(cuts).as("places where the power was cut").isGreaterThan(30);
    }

    private void store(QueueId id, int size) throws IOException {
        byte[] body = new byte[size];
        random.nextBytes(body);
        bodies.put(id, body);
        current = id;
        spool.store(id, envelope(id), new Watched(new ByteArrayInputStream(body)));
        promised.put(id, new ArrayList<>());
        cutPower();
    }

    private void append(QueueId id, SpoolRecord record) throws IOException {
        current = id;
        spool.append(id, record);
        promised.computeIfAbsent(id, _ -> new ArrayList<>()).add(record);
        cutPower();
    }

    /** Its record may be there all the same, or not. */
    private void appendWhileTheDiskFails(QueueId id, SpoolRecord record) throws IOException {
        current = id;
        fails = true;
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> spool.append(id, record));
        fails = false;
        cutPower();
    }

    private void breakOff(QueueId id) throws IOException {
        current = id;
        bodies.put(id, new byte[0]);
        InputStream gone = InputStream.nullInputStream();
        gone.close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> spool.store(id, envelope(id), gone));
        cutPower();
    }

    private void remove(QueueId id) throws IOException {
        current = id;
        leaving.add(id);
        spool.remove(id);
        cutPower();
        spool.forceRemoval(id);
        gone.add(id);
        cutPower();
    }

    private void forceFile(FileChannel channel, boolean metadata) throws IOException {
        cutPower();
        if (fails) {
            throw new IOException("Input/output error");
        }
        Path unfinished = live.resolve("tmp").resolve(current.text());
        disk.forced(Files.exists(unfinished) ? unfinished : path(live, current));
        cutPower();
    }

    private void forceFolder(Path forced) throws IOException {
        cutPower();
        disk.forcedNames(forced);
        cutPower();
    }

    /** Looks at disks that may be left now. */
    private void cutPower() throws IOException {
        cuts++;
        for (int i = 0; i < IMAGES; i++) {
            Path image = Files.createTempDirectory(folder, "image");
            disk.image(image, random);
            check(image);
            FileSystemUtils.deleteRecursively(image);
        }
    }

    private void check(Path image) throws IOException {
        var left =
                new Spool(
                        image,
                        new SpoolFile(JsonMapper.shared(), (channel, metadata) -> {}),
                        new FolderForce(forced -> {}));
        var found = new HashSet<QueueId>();
        left.visit(found::add);
        String which = "seed " + seed + ", cut " + cuts + ", " + image;
        Set<QueueId> owed = new HashSet<>(promised.keySet());
        owed.removeAll(leaving);
        assertThat(found).as(which).containsAll(owed);
        assertThat(found).as(which).noneMatch(gone::contains);
        for (QueueId id : found) {
            StoredMessage message = left.verify(id);
            assertThat(message.envelope()).as(which).isEqualTo(envelope(id));
            try (InputStream body = left.body(id)) {
                assertThat(body.readAllBytes()).as(which).isEqualTo(bodies.get(id));
            }
            assertThat(message.records())
                    .as(which)
                    .containsAll(promised.getOrDefault(id, List.of()));
        }
    }

    private static Path path(Path root, QueueId id) {
        String text = id.text();
        return root.resolve(text.substring(text.length() - 1)).resolve(text + ".msg");
    }

    private static SpoolRecord settled(int position) {
        return new SpoolRecord(NOON, List.of(new Settled(position, "delivered", "250 ok")));
    }

    private static StoredEnvelope envelope(QueueId id) {
        return new StoredEnvelope(
                id.text(),
                "a@from.example",
                List.of(
                        new StoredRecipient("b@to.example", null, null),
                        new StoredRecipient("c@to.example", null, null)),
                false,
                false,
                null,
                null,
                null,
                NOON,
                NOON.plusSeconds(5));
    }

    /** Cuts the power while the body is being written. */
    private final class Watched extends FilterInputStream {

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            cutPower();
            return super.read(buffer, offset, length);
        }
    }
}
