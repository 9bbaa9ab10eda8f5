package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.delivery.Transaction.Told;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.Envelope.Recipient;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;

/** What a server does with an offered message, and what each recipient is told of it. */
class TransactionTests {

    private static final TestCa CA = TestCa.create();
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final byte[] MESSAGE =
            ("Subject: x\r\n\r\n" + "a line of the message\r\n".repeat(5000))
                    .getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvFileSource(
            resources = "/delivery/transactions.csv",
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true)
    void everyRecipientIsTold(
            PeerStep step, String behaviour, String outcome, boolean next, String text)
            throws IOException {
        try (var peer = new SmtpPeer()) {
            behave(peer, step, behaviour);

            Map<Recipient, Told> told =
                    send(peer, limits(step, behaviour), "b@example.com", "c@example.com");

            assertThat(told).hasSize(2);
            assertThat(told.values())
                    .allSatisfy(one -> {
                        assertThat(outcome(one)).isEqualTo(outcome);
                        assertThat(one.mayTryNext()).isEqualTo(next);
                        assertThat(one.reply().toString()).contains(text);
                    });
            // Of what a server took and never confirmed a duplicate is the lesser evil.
            boolean unconfirmed = step == PeerStep.FINAL && !behaviour.contains(" ");
            assertThat(peer.taken()).hasSize(outcome.equals("delivered") || unconfirmed ? 1 : 0);
        }
    }

    @Test
    void recipientsAreToldApart() throws IOException {
        try (var peer = new SmtpPeer()) {
            peer.answersRcptOf("b@", "550 5.1.1 unknown").answersRcptOf("c@", "450 4.2.0 later");

            List<String> outcomes =
                    new ArrayList<>(
                            send(
                                            peer,
                                            TimeLimits.STANDARD,
                                            "a@example.com",
                                            "b@example.com",
                                            "c@example.com")
                                    .values()
                                    .stream()
                                    .map(TransactionTests::outcome)
                                    .toList());

            assertThat(outcomes).containsExactlyInAnyOrder("delivered", "bounced", "deferred");
            assertThat(peer.taken()).hasSize(1);
        }
    }

    private static void behave(SmtpPeer peer, PeerStep step, String behaviour) {
        for (String one : behaviour.split(" then ")) {
            switch (one) {
                case "cut" -> peer.drops(step);
                case "silent" -> peer.fallsSilent(step);
                case "cut at RSET" -> peer.drops(PeerStep.RSET);
                default -> peer.answers(step, one);
            }
        }
    }

    /** A short limit only where the server says nothing, so that no slow machine trips over it. */
    private static TimeLimits limits(PeerStep step, String behaviour) {
        boolean waits = behaviour.equals("silent") && step != PeerStep.QUIT;
        Duration silence = waits ? Duration.ofMillis(100) : LONG;
        boolean envelope = step == PeerStep.MAIL || step == PeerStep.RCPT || step == PeerStep.DATA;
        return new TimeLimits(
                LONG, LONG, LONG, envelope ? silence : LONG, envelope ? LONG : silence);
    }

    private static Map<Recipient, Told> send(SmtpPeer peer, TimeLimits limits, String... recipients)
            throws IOException {
        var clock = Clock.systemUTC();
        var request =
                new Connector.Request(
                        Requirements.of("none", "", CA, CA.leaf("x").issue()),
                        "relay.example.test",
                        Duration.ZERO,
                        null);
        var target = new Target("mx.example.com", InetAddress.getLoopbackAddress(), peer.port());
        Result result = new Connector(clock, limits).open(target, request, new Transcript(clock));
        List<Recipient> all =
                List.of(recipients).stream()
                        .map(text ->
                                new Recipient(MailAddress.parse(text).orElseThrow(), null, null))
                        .toList();
        var envelope = new Envelope(null, all, false, false, null, null, null);
        try (OutboundSession session = ((Result.Open) result).session()) {
            return new Transaction(session, limits)
                    .send(envelope, all, MESSAGE.length, () -> new ByteArrayInputStream(MESSAGE));
        }
    }

    private static String outcome(Told told) {
        return told.reply().isPositive()
                ? "delivered"
                : told.reply().isPermanent() ? "bounced" : "deferred";
    }
}
