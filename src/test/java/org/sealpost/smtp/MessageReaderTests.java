package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTests {

    private static final String NEXT = "MAIL FROM:<smuggled@example.com>\r\n";

    @Test
    void unstuffsDotsAlsoOnTheFirstLineAndLeavesTheRestForTheNextCommand() throws IOException {
        InputStream wire = wire("..first\r\nplain\r\n..\r\n.\r\n" + NEXT);

        assertThat(read(wire, 1000)).isEqualTo(".first\r\nplain\r\n.\r\n");
        assertThat(new String(wire.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(NEXT);
    }

    // RFC 5321 §2.3.8: CR and LF appear together only; anything else ends no message.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n.\nx",
                "a\n.\r\nx",
                "a\r.\rx",
                "a\r\n.\nx",
                "a\r\n.\rx",
                "a\r\r\n.\r\r\nx",
                "a\nb",
                "a\rb"
            })
    void refusesBareLineEndsAndReadsToTheRealEnd(String smuggled) throws IOException {
        InputStream wire = wire(smuggled + "\r\n.\r\n" + NEXT);

        assertThatExceptionOfType(MessageReader.Refused.class)
                .isThrownBy(() -> read(wire, 1000))
                .satisfies(
                        refused -> assertThat(refused.reply().toString()).startsWith("550 5.6.11"));
        assertThat(new String(wire.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(NEXT);
    }

    @Test
    void refusesWhatIsTooLargeOnlyAfterReadingIt() throws IOException {
        InputStream wire = wire("x".repeat(50) + "\r\n.\r\n" + NEXT);

        assertThatExceptionOfType(MessageReader.Refused.class)
                .isThrownBy(() -> read(wire, 20))
                .satisfies(
                        refused -> assertThat(refused.reply().toString()).startsWith("552 5.3.4"));
        assertThat(new String(wire.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(NEXT);
    }

    @Test
    void aClientThatGoesAwayHasSentNoMessage() {
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> read(wire("half a message\r\n"), 1000));
    }

    @Test
    void refusesAMessageThatWentThroughTooManyServers() {
        assertThatExceptionOfType(MessageReader.Refused.class)
                .isThrownBy(
                        () -> read(wire("Received: x\r\n".repeat(4) + "\r\nbody\r\n.\r\n"), 1000))
                .satisfies(
                        refused -> assertThat(refused.reply().toString()).startsWith("554 5.4.6"));
    }

    private static InputStream wire(String text) {
        return new BufferedInputStream(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String read(InputStream wire, long most) throws IOException {
        return new String(
                new MessageReader(wire, most, 3).readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
