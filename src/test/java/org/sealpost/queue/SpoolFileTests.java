package org.sealpost.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.SpoolRecord.Settled;
import org.sealpost.queue.StoredEnvelope.StoredRecipient;
import tools.jackson.databind.json.JsonMapper;

class SpoolFileTests {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final byte[] BODY =
            "Subject: t\r\n\r\n.caf\u00e9\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final StoredEnvelope ENVELOPE =
            new StoredEnvelope(
                    "01K833UURG0000",
                    "a@example.com",
                    List.of(
                            new StoredRecipient("b@example.com", "NEVER", null),
                            new StoredRecipient("c@example.com", null, "rfc822;c@example.com")),
                    true,
                    false,
                    "HDRS",
                    "id",
                    null,
                    NOW,
                    NOW.plusSeconds(60));
    private static final QueueId ID = new QueueId("01K833UURG0000");
    private static final QueueId OTHER = new QueueId("01K833UURG0001");
    private static final SpoolRecord RECORD =
            new SpoolRecord(NOW, List.of(new Settled(0, "delivered", "250 2.0.0 Ok")));

    private final SpoolFile files = new SpoolFile(JsonMapper.builder().build());
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("m");
        files.write(file, ENVELOPE, new ByteArrayInputStream(BODY));
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        files.append(file, RECORD);

        StoredMessage content = files.read(file);

        assertThat(content.envelope()).isEqualTo(ENVELOPE);
        assertThat(content.bodyLength()).isEqualTo(BODY.length);
        assertThat(content.records()).containsExactly(RECORD);
        assertThat(files.body(file)).hasBinaryContent(BODY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aTornLastRecordCountsAsAbsentAndIsWrittenOver() throws IOException {
        long whole = Files.size(file);
        files.append(file, RECORD);
        truncate(Files.size(file) - 3);

        assertThat(files.read(file).records()).isEmpty();
        files.append(file, RECORD);

        assertThat(files.read(file).records()).containsExactly(RECORD);
        assertThat(Files.size(file)).isGreaterThan(whole);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 9, 15, 22, 30, 40})
    void aChangedHeaderOrEnvelopeIsDamage(int position) throws IOException {
        flip(position);

        assertThatExceptionOfType(DamagedMessage.class).isThrownBy(() -> files.read(file));
    }

    @Test
    void aChangedBodyIsDamage() throws IOException {
        flip(Files.size(file) - 2);

        assertThatExceptionOfType(DamagedMessage.class).isThrownBy(() -> files.verifyBody(file));
    }

    @Test
    void aBodyThatIsCutOffIsDamage() throws IOException {
        truncate(Files.size(file) - 1);

        assertThatExceptionOfType(DamagedMessage.class).isThrownBy(() -> files.read(file));
    }

    @Test
    void aRecordThatChangedInTheMiddleIsDamage() throws IOException {
        long first = Files.size(file);
        files.append(file, RECORD);
        files.append(file, RECORD);
        flip(first + 12);

        assertThatExceptionOfType(DamagedMessage.class).isThrownBy(() -> files.read(file));
    }

    private void truncate(long size) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private void flip(long position) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer octet = ByteBuffer.allocate(1);
            channel.read(octet, position);
            octet.put(0, (byte) (octet.get(0) ^ 0x41)).rewind();
            channel.write(octet, position);
        }
    }

    /** After a failed force the kernel may drop what was written, and the next one says "ok". */
    @Test
    void aFileWhoseForceFailedIsNeverForcedAgain() throws IOException {
        var forced = new ArrayList<Object>();
        var fails = new AtomicBoolean();
        var spool =
                new Spool(
                        folder.resolve("spool"),
                        new SpoolFile(
                                JsonMapper.shared(),
                                (channel, metadata) -> {
                                    forced.add(Files.getAttribute(inode(), "unix:ino"));
                                    if (fails.getAndSet(false)) {
                                        throw new IOException("Input/output error");
                                    }
                                    channel.force(metadata);
                                }));
        spool.open();
        spool.store(ID, ENVELOPE, new ByteArrayInputStream(BODY));
        fails.set(true);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> spool.append(ID, RECORD));

        assertThat(spool.verify(ID).settled()).as("what nobody can rely on").isEmpty();
        spool.append(ID, RECORD);
        assertThat(spool.verify(ID).settled()).isEqualTo(RECORD.settled());
        assertThat(spool.body(ID).readAllBytes()).isEqualTo(BODY);
        assertThat(forced).hasSize(3);
        assertThat(forced.get(2)).as("a new file").isNotEqualTo(forced.get(1));
        fails.set(true);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> spool.store(OTHER, ENVELOPE, new ByteArrayInputStream(BODY)));
        assertThat(spool.holds(OTHER)).isFalse();
        assertThat(folder.resolve("spool/tmp/" + OTHER)).doesNotExist();
    }

    /** The file that is being written, or else the message's. */
    private Path inode() {
        Path unfinished = unfinished();
        return Files.exists(unfinished) ? unfinished : folder.resolve("spool/0/" + ID + ".msg");
    }

    private Path unfinished() {
        return folder.resolve("spool/tmp/" + ID);
    }
}
