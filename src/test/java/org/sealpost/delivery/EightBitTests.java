package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.Envelope.Recipient;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;

/** Messages a server cannot take as they are: nothing is re-encoded, so they go back. */
class EightBitTests {

    private static final TestCa CA = TestCa.create();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what the server offers | what the client declared | subject | text | outcome
                "8BITMIME | 8bit | x | ü | 250 2.0.0 taken       | BODY=8BITMIME",
                "SIZE     | 8bit | x | ü | 554 5.6.3             |",
                "SIZE     | 8bit | x | u | 250 2.0.0 taken       |",
                "SIZE     | 8bit | ü | u | 554 5.6.3             |",
                // Nobody declared it, so nobody is told: it goes out as it came in.
                "SIZE     |      | x | ü | 250 2.0.0 taken       |",
                "SMTPUTF8 | utf8 | ü | u | 250 2.0.0 taken       | SMTPUTF8",
                "SIZE     | utf8 | ü | u | 550 5.6.7             |",
                "SIZE     | utf8 | x | ü | 250 2.0.0 taken       |",
                "SIZE     | utf8 | x | u | 250 2.0.0 taken       |"
            })
    void aServerGetsNothingItDidNotOfferToTake(
            String offered,
            @Nullable String declared,
            String subject,
            String text,
            String reply,
            @Nullable String parameter)
            throws IOException {
        try (var peer = new SmtpPeer()) {
            peer.answers(PeerStep.EHLO, "250-peer\r\n250 " + offered);
            byte[] message =
                    ("Subject: " + subject + "\r\n\r\n" + text + "\r\n")
                            .getBytes(StandardCharsets.UTF_8);

            assertThat(send(peer, String.valueOf(declared), message)).startsWith(reply);

            assertThat(peer.taken()).hasSize(reply.startsWith("250") ? 1 : 0);
            if (parameter != null) {
                assertThat(peer.heard()).anyMatch(line -> line.endsWith(parameter));
            } else {
                assertThat(peer.heard()).noneMatch(line -> line.matches(".*(BODY=|SMTPUTF8).*"));
            }
        }
    }

    private static String send(SmtpPeer peer, String declared, byte[] message) throws IOException {
        var clock = Clock.systemUTC();
        var request =
                new Connector.Request(
                        Requirements.of("none", "", CA, CA.leaf("x").issue()),
                        "relay.example.test",
                        Duration.ZERO,
                        null);
        var target = new Target("mx.example.com", InetAddress.getLoopbackAddress(), peer.port());
        Result result =
                new Connector(clock, TimeLimits.STANDARD)
                        .open(target, request, new Transcript(clock));
        var recipient = new Recipient(MailAddress.parse("b@x.example").orElseThrow(), null, null);
        var envelope =
                new Envelope(
                        null,
                        List.of(recipient),
                        declared.equals("8bit"),
                        declared.equals("utf8"),
                        null,
                        null,
                        null);
        try (OutboundSession session = ((Result.Open) result).session()) {
            return new Transaction(session, TimeLimits.STANDARD)
                    .send(
                            envelope,
                            List.of(recipient),
                            message.length,
                            () -> new ByteArrayInputStream(message))
                    .values()
                    .iterator()
                    .next()
                    .reply()
                    .toString();
        }
    }
}
