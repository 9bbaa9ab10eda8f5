package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTests {

    private static final String NEXT = "MAIL FROM:<smuggled@example.com>\r\n";

    @Test
    void unstuffsDotsAlsoOnTheFirstLineAndLeavesTheRestForTheNextCommand() throws IOException {
        ClientInput wire = wire("..first\r\nplain\r\n..\r\n.\r\n" + NEXT);

        assertThat(read(wire, 1000)).isEqualTo(".first\r\nplain\r\n.\r\n");
        assertThat(rest(wire)).isEqualTo(NEXT);
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
        ClientInput wire = wire(smuggled + "\r\n.\r\n" + NEXT);

        assertThatExceptionOfType(IncomingMessage.Refused.class)
                .isThrownBy(() -> read(wire, 1000))
                .satisfies(
                        refused -> assertThat(refused.reply().toString()).startsWith("550 5.6.11"));
        assertThat(rest(wire)).isEqualTo(NEXT);
    }

    @Test
    void refusesWhatIsTooLargeOnlyAfterReadingIt() throws IOException {
        ClientInput wire = wire("x".repeat(50) + "\r\n.\r\n" + NEXT);

        assertThatExceptionOfType(IncomingMessage.Refused.class)
                .isThrownBy(() -> read(wire, 20))
                .satisfies(
                        refused -> assertThat(refused.reply().toString()).startsWith("552 5.3.4"));
        assertThat(rest(wire)).isEqualTo(NEXT);
    }

    @Test
    void aClientThatGoesAwayHasSentNoMessage() {
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> read(wire("half a message\r\n"), 1000));
    }

    @Test
    void refusesAMessageThatWentThroughTooManyServers() {
        assertThatExceptionOfType(IncomingMessage.Refused.class)
                .isThrownBy(
                        () -> read(wire("Received: x\r\n".repeat(4) + "\r\nbody\r\n.\r\n"), 1000))
                .satisfies(
                        refused -> assertThat(refused.reply().toString()).startsWith("554 5.4.6"));
    }

    // RFC 2045 §2.8: 8bit data has no NUL; what reads the message in C would end there.
    @Test
    void refusesNul() throws IOException {
        ClientInput wire = wire("a\0b\r\n.\r\n" + NEXT);

        assertThatExceptionOfType(IncomingMessage.Refused.class)
                .isThrownBy(() -> read(wire, 1000))
                .satisfies(
                        refused -> assertThat(refused.reply().toString()).startsWith("550 5.6.0"));
        assertThat(rest(wire)).isEqualTo(NEXT);
    }

    @Test
    void readsTheSameWhereverTheBlocksEnd() throws IOException {
        var random = new Random(20261124);
        for (int round = 0; round < 20_000; round++) {
            String message = randomMessage(random);
            String expected = PlainReading.of(message);
            ClientInput wire =
                    new ClientInput(
                            inPieces(message + "\r\n.\r\n" + NEXT, random), () -> false, () -> {});

            String seen = readInPieces(wire, random);

            assertThat(seen).as(message).isEqualTo(expected);
            assertThat(rest(wire)).as(message).isEqualTo(NEXT);
        }
    }

    /** The rules once more, as plainly as they can be said. */
    private static final class PlainReading {

        static String of(String message) {
            String whole = message + "\r\n";
            if (whole.contains("\0")
                    || whole.replace("\r\n", "").contains("\r")
                    || whole.replace("\r\n", "").contains("\n")) {
                return "refused";
            }
            return Arrays.stream(whole.split("(?<=\n)"))
                    .map(line -> line.startsWith(".") ? line.substring(1) : line)
                    .collect(Collectors.joining());
        }
    }

    /** Mostly what matters to the reader; never an end mark of its own. */
    private static String randomMessage(Random random) {
        var text = new StringBuilder();
        int parts = random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            text.append(
                    switch (random.nextInt(random.nextInt(4) == 0 ? 9 : 5)) {
                        case 0 -> "\r\n";
                        case 1 -> ".";
                        case 2 -> "..";
                        case 3 -> "x".repeat(random.nextInt(20));
                        case 4 -> "\r\n.";
                        case 5 -> "\n";
                        case 6 -> "\r";
                        case 7 -> "\u00e9";
                        default -> "\0";
                    });
        }
        String message = text.toString();
        boolean endsItself = ("\r\n" + message + "\r\n").contains("\r\n.\r\n");
        return endsItself ? randomMessage(random) : message;
    }

    private static InputStream inPieces(String text, Random random) {
        return new FilterInputStream(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(7)));
            }
        };
    }

    private static String readInPieces(ClientInput wire, Random random) throws IOException {
        var reader = new MessageReader(wire, 1000, 3);
        var text = new ByteArrayOutputStream();
        byte[] buffer = new byte[20];
        try {
            int read = 0;
            while (read >= 0) {
                text.write(buffer, 0, read);
                read = reader.read(buffer, 0, 1 + random.nextInt(buffer.length));
            }
            return text.toString(StandardCharsets.ISO_8859_1);
        } catch (IncomingMessage.Refused refused) {
            return "refused";
        }
    }

    private static ClientInput wire(String text) {
        return new ClientInput(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)),
                () -> false,
                () -> {});
    }

    private static String read(ClientInput wire, long most) throws IOException {
        return new String(
                new MessageReader(wire, most, 3).readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String rest(ClientInput wire) throws IOException {
        var rest = new StringBuilder();
        while (wire.nextLine() instanceof ClientLine.Text(String line)) {
            rest.append(line).append("\r\n");
        }
        return rest.toString();
    }
}
