package org.sealpost.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.Connector.Request;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.delivery.Transaction.Ended;
import org.sealpost.delivery.Transaction.Told;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.Envelope.Recipient;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;

/** RFC 2033: LHLO, and one reply for each recipient after the final dot. */
class LmtpTests {

    private static final TestCa CA = TestCa.create();
    private static final Identity SERVER = CA.leaf("mx.example.com").issue();
    private static final byte[] MESSAGE =
            "Subject: x\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Clock clock = Clock.systemUTC();
    private SmtpPeer peer;

    @BeforeEach
    void start() throws IOException {
        peer = new SmtpPeer().speaksLmtp();
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
    }

    @Test
    void eachRecipientHasItsOwnReplyAfterTheFinalDot() throws IOException {
        peer.answersRcptOf("gone@", "550 5.1.1 unknown")
                .answersFinalOf("full@", "452 4.2.2 mailbox full")
                .answersFinalOf("never@", "552 5.2.2 too big for me");

        List<String> told =
                send("a@example.com", "gone@example.com", "full@example.com", "never@example.com");

        assertThat(told)
                .containsExactlyInAnyOrder(
                        "a@example.com 250 2.1.5 kept",
                        "gone@example.com 550 5.1.1 unknown",
                        "full@example.com 452 4.2.2 mailbox full",
                        "never@example.com 552 5.2.2 too big for me");
        assertThat(ended).isEqualTo(Ended.CLEAN);
        assertThat(peer.heard()).contains("LHLO relay.example.test").noneMatch(LmtpTests::isEhlo);
    }

    /** What was said of some recipients holds; the others are told nothing, and tried again. */
    @Test
    void whatCameBeforeTheLineBrokeHolds() throws IOException {
        peer.answersFinalOf("b@", "cut");

        List<String> told = send("a@example.com", "b@example.com", "c@example.com");

        assertThat(told).hasSize(3);
        assertThat(told.getFirst()).isEqualTo("a@example.com 250 2.1.5 kept");
        assertThat(told.subList(1, 3))
                .allMatch(line -> line.contains(" 450 4.4.2 lost connection"));
        assertThat(ended).isEqualTo(Ended.UNKNOWN);
    }

    @Test
    void theTlsRuleHoldsAsForSmtp() throws IOException {
        assertThat(open("secure")).isInstanceOf(Result.Ruled.class);
        peer.offersStarttls(SERVER);

        assertThat(open("fingerprint")).isInstanceOf(Result.Open.class);
        assertThat(peer.heard())
                .containsSubsequence("STARTTLS", "LHLO relay.example.test")
                .noneMatch(LmtpTests::isEhlo);
    }

    @Test
    void aServerThatOnlySpeaksSmtpIsNotGreetedWithHelo() throws IOException {
        try (var smtp = new SmtpPeer()) {
            var request =
                    new Request(
                            Requirements.of("none", "", CA, SERVER),
                            "relay.example.test",
                            Duration.ZERO,
                            new Way(Way.Protocol.LMTP, null, List.of()),
                            _ -> {});
            var target =
                    new Target("mx.example.com", InetAddress.getLoopbackAddress(), smtp.port());
            Result result =
                    new Connector(clock, TimeLimits.STANDARD)
                            .open(target, request, new Transcript(clock));

            assertThat(result).isInstanceOf(Result.Rejected.class);
            assertThat(smtp.heard()).containsExactly("LHLO relay.example.test");
        }
    }

    @Test
    void withoutAnyAcceptedRecipientThereIsNoData() throws IOException {
        peer.answersRcptOf("a@", "450 4.2.1 later");

        assertThat(send("a@example.com")).containsExactly("a@example.com 450 4.2.1 later");
        assertThat(peer.heard()).doesNotContain("DATA");
    }

    private Ended ended = Ended.UNUSABLE;

    private List<String> send(String... recipients) throws IOException {
        List<Recipient> all =
                List.of(recipients).stream()
                        .map(text ->
                                new Recipient(MailAddress.parse(text).orElseThrow(), null, null))
                        .toList();
        var envelope = new Envelope(null, all, false, false, null, null, null);
        try (OutboundSession session = ((Result.Open) open("none")).session()) {
            var transaction = new Transaction(session, TimeLimits.STANDARD);
            var told =
                    transaction.send(
                            envelope, all, MESSAGE.length, () -> new ByteArrayInputStream(MESSAGE));
            ended = transaction.ended();
            return all.stream().map(one -> line(one, requireNonNull(told.get(one)))).toList();
        }
    }

    private static String line(Recipient recipient, Told told) {
        return recipient.address() + " " + told.reply();
    }

    private static boolean isEhlo(String line) {
        return line.startsWith("EHLO") || line.startsWith("HELO");
    }

    private Result open(String level) {
        var request =
                new Request(
                        Requirements.of(level, "", CA, SERVER),
                        "relay.example.test",
                        Duration.ZERO,
                        new Way(Way.Protocol.LMTP, null, List.of()),
                        _ -> {});
        var target = new Target("mx.example.com", InetAddress.getLoopbackAddress(), peer.port());
        return new Connector(clock, TimeLimits.STANDARD)
                .open(target, request, new Transcript(clock));
    }
}
