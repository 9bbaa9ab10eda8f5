package org.sealpost.settings.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader of the snapshot believes, and what it refuses. */
class SavedConfigurationTests {

    private final Generation generation;

    SavedConfigurationTests(@TempDir Path folder) {
        generation = new Generation(folder.resolve("config"), 7);
    }

    /** A base with one row, and two changes. */
    @BeforeEach
    void write() throws IOException {
        try (FileChannel base = Generation.create(generation.base())) {
            var writer = new FrameWriter(base);
            writer.header();
            writer.row(row("POLICY", "1", "may"));
            writer.commit(new Commit("a", 3, 0, "150", Map.of("POLICY", 2L)));
        }
        try (FileChannel log = Generation.create(generation.log())) {
            var writer = new FrameWriter(log);
            writer.header();
            writer.row(row("POLICY", "1", "secure"));
            writer.commit(new Commit("a", 4, 10, "150", Map.of()));
            writer.row(new Row("POLICY", "1", null));
            writer.row(row("POLICY", "2", "é“\n"));
            writer.commit(new Commit("a", 5, 12, "150", Map.of()));
        }
    }

    @Test
    void whatWasWrittenComesBackInItsOrder() throws IOException {
        SavedConfiguration saved = read();

        assertThat(saved.base().identities()).containsEntry("POLICY", 2L);
        assertThat(saved.last().number()).isEqualTo(5);
        assertThat(saved.last().through()).isEqualTo(12);
        assertThat(saved.cutOff()).isFalse();
        assertThat(rows(saved))
                .containsExactly(
                        row("POLICY", "1", "may"),
                        row("POLICY", "1", "secure"),
                        new Row("POLICY", "1", null),
                        row("POLICY", "2", "é“\n"));
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws IOException {
        assertThat(Files.getPosixFilePermissions(generation.base())).hasSize(2);
        assertThat(Files.getPosixFilePermissions(generation.log())).hasSize(2);
    }

    @Test
    void aLastChangeThatWasCutOffAnywhereIsIgnoredAndToldOf() throws IOException {
        byte[] whole = Files.readAllBytes(generation.log());
        long before = read().spans().get(1).end();

        for (int length = whole.length - 1; length > before; length--) {
            Files.write(generation.log(), Arrays.copyOf(whole, length));
            SavedConfiguration saved = read();
            assertThat(saved.last().number()).as("%d octets", length).isEqualTo(4);
            assertThat(saved.end()).isEqualTo(before);
            assertThat(saved.cutOff()).isTrue();
        }
    }

    @Test
    void aLastChangeOfWhichOnlyTheLengthReachedTheDiskIsIgnored() throws IOException {
        byte[] torn = Files.readAllBytes(generation.log());
        Arrays.fill(torn, (int) read().spans().get(1).end(), torn.length, (byte) 0);
        Files.write(generation.log(), torn);

        assertThat(read().last().number()).isEqualTo(4);
        assertThat(read().cutOff()).isTrue();
    }

    @Test
    void aChangeDamagedBeforeTheLastIsNeverPassedOver() throws IOException {
        byte[] whole = Files.readAllBytes(generation.log());
        long last = read().spans().get(1).end();

        for (int place = Frames.HEADER.length; place < last; place++) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 0x20;
            Files.write(generation.log(), damaged);
            assertThatExceptionOfType(SnapshotUnreadable.class)
                    .as("octet %d", place)
                    .isThrownBy(this::read)
                    .withMessageContaining(generation.log() + " is damaged at octet");
        }
    }

    @Test
    void aBaseWithAnyOctetWrongOrMissingIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(generation.base());

        for (int place = 0; place < whole.length; place++) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 0x01;
            Files.write(generation.base(), damaged);
            assertRefused(generation.base());
            Files.write(generation.base(), Arrays.copyOf(whole, place));
            assertRefused(generation.base());
        }
    }

    @Test
    void aNewerFormatIsToldFromDamage() throws IOException {
        byte[] whole = Files.readAllBytes(generation.base());
        String text = new String(whole, StandardCharsets.ISO_8859_1).replace("ION 1", "ION 2");
        Files.write(generation.base(), text.getBytes(StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(SnapshotUnreadable.class)
                .isThrownBy(this::read)
                .withMessageContaining("was written by a newer version of Sealpost");
    }

    @Test
    void aMissingLogOrOneOfAnotherBaseIsRefused() throws IOException {
        append(new Commit("b", 6, 13, "150", Map.of()));
        assertRefused(generation.log());
        Files.delete(generation.log());
        assertRefused(generation.log());
    }

    @Test
    void aChangeMissingInBetweenIsRefused() throws IOException {
        append(new Commit("a", 7, 13, "150", Map.of()));

        assertThatExceptionOfType(SnapshotUnreadable.class)
                .isThrownBy(this::read)
                .withMessageContaining("lacks the change 6");
    }

    /** Its configuration would be an older one, and perhaps a weaker one. */
    @Test
    void anOlderGenerationNeverStandsInForADamagedOne() throws IOException {
        Files.write(generation.next().base(), new byte[] {1, 2, 3});

        assertRefused(generation.next().base());
    }

    @Test
    void aFolderWithoutABaseHoldsNoSnapshot(@TempDir Path empty) throws IOException {
        Files.write(empty.resolve("000001.base.tmp"), new byte[] {1});

        assertThat(SavedConfiguration.read(empty)).isEmpty();
        assertThat(SavedConfiguration.read(empty.resolve("missing"))).isEmpty();
    }

    private void append(Commit commit) throws IOException {
        try (FileChannel log = FileChannel.open(generation.log(), StandardOpenOption.APPEND)) {
            new FrameWriter(log).commit(commit);
        }
    }

    private void assertRefused(Path file) {
        assertThatExceptionOfType(SnapshotUnreadable.class)
                .isThrownBy(this::read)
                .withMessageStartingWith(file.toString());
    }

    private SavedConfiguration read() throws IOException {
        return SavedConfiguration.read(generation.folder()).orElseThrow();
    }

    private static List<Row> rows(SavedConfiguration saved) throws IOException {
        var rows = new ArrayList<Row>();
        for (SavedConfiguration.Span span : saved.spans()) {
            SavedConfiguration.<RuntimeException>visit(span, rows::add);
        }
        return rows;
    }

    private static Row row(String table, String key, @Nullable String level) {
        Map<String, @Nullable String> values = Row.noValues();
        values.put("ID", key);
        values.put("LEVEL", level);
        values.put("NOTE", null);
        return new Row(table, key, values);
    }
}
