package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.mail.SmtpReply;
import org.sealpost.queue.AttemptResult.Outcome;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.ClaimedMessage;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.Envelope.Recipient;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.testing.GoldenFiles;
import org.sealpost.testing.TestCa;
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.VerdictDocument;

/** The whole text of every kind of notice, compared with files. */
class NoticeTextTests {

    private static final Instant RECEIVED = Instant.parse("2026-11-23T12:00:00Z");
    private static final GeneralSettings GENERAL =
            new GeneralSettings(
                    "relay.example.test", "postmaster@example.test", "mailer-daemon@example.test");
    private static final String MX = "mx.example.com[192.0.2.1]:25";
    private static final String MESSAGE =
            "Subject: the words\r\nFrom: a@sender.example\r\n\r\n.the body\r\n";

    record Case(
            String name,
            Notice.Kind kind,
            Envelope envelope,
            String original,
            Duration age,
            List<RecipientResult> results) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        return Stream.of(
                new Case(
                        "failed",
                        Notice.Kind.FAILED,
                        envelope("a@sender.example", null, null, to("b@example.com", null)),
                        MESSAGE,
                        Duration.ofSeconds(3),
                        List.of(
                                result(
                                        "b@example.com",
                                        Outcome.BOUNCED,
                                        "550 5.1.1 <b@example.com>: nobody of that name is known here, and"
                                                + " this sentence is long enough to be folded",
                                        MX,
                                        null))),
                new Case(
                        "failed-headers-only",
                        Notice.Kind.FAILED,
                        envelope(
                                "a@sender.example",
                                "HDRS",
                                "id+2B1+3D2",
                                to("b@example.com", "rfc822;bob+40example.org"),
                                to("c@example.com", "rfc822;c+0D+0AX-Injected:+20yes")),
                        MESSAGE,
                        Duration.ofSeconds(3),
                        List.of(
                                result(
                                        "b@example.com",
                                        Outcome.BOUNCED,
                                        "554 no\r\nX-Bad: \0 1",
                                        MX,
                                        null),
                                result(
                                        "c@example.com",
                                        Outcome.BOUNCED,
                                        "5.4.4 Host or domain name not found: example.com",
                                        null,
                                        null))),
                new Case(
                        "failed-by-tls",
                        Notice.Kind.FAILED,
                        envelope("a@sender.example", null, null, to("b@example.com", null)),
                        MESSAGE,
                        Duration.ofDays(5),
                        List.of(
                                result(
                                        "b@example.com",
                                        Outcome.BOUNCED,
                                        "4.7.5 Server certificate not verified",
                                        MX,
                                        wrongName()))),
                new Case(
                        "failed-latin1",
                        Notice.Kind.FAILED,
                        envelope("a@sender.example", null, null, to("b@example.com", null)),
                        "Subject: caf\u00e9\r\n\r\ncaf\u00e9\r\n",
                        Duration.ofSeconds(3),
                        List.of(
                                result(
                                        "b@example.com",
                                        Outcome.BOUNCED,
                                        "552 5.2.2 caf\u00e9",
                                        MX,
                                        null))),
                new Case(
                        "failed-utf8",
                        Notice.Kind.FAILED,
                        new Envelope(
                                address("j\u00fcrgen@sender.example"),
                                List.of(to("b\u00e4r@example.com", "utf-8;b\\x{E4}r@example.com")),
                                true,
                                true,
                                null,
                                null,
                                null),
                        asOctets("Subject: gr\u00fc\u00dfe\r\n\r\n\u20ac\r\n"),
                        Duration.ofSeconds(3),
                        List.of(
                                result(
                                        "b\u00e4r@example.com",
                                        Outcome.BOUNCED,
                                        "550 5.6.7 no b\u00e4rs",
                                        MX,
                                        null))),
                new Case(
                        "delayed",
                        Notice.Kind.DELAYED,
                        envelope("a@sender.example", "FULL", null, to("b@example.com", null)),
                        MESSAGE,
                        Duration.ofHours(4),
                        List.of(
                                result(
                                        "b@example.com",
                                        Outcome.DEFERRED,
                                        "4.4.1 connect to mx.example.com[192.0.2.1]:25: timed out",
                                        MX,
                                        null))),
                new Case(
                        "relayed",
                        Notice.Kind.RELAYED,
                        envelope("a@sender.example", "FULL", null, to("b@example.com", null)),
                        MESSAGE,
                        Duration.ofSeconds(3),
                        List.of(result("b@example.com", Outcome.DELIVERED, "250 ok", MX, null))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsAsTheFileSays(Case one) throws IOException {
        String text = render(one);

        assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(998));
        GoldenFiles.checkFile(
                Path.of("src/test/resources/delivery/notices", one.name + ".eml"),
                text.replace("\r\n", "\n"));
    }

    /** RFC 3461 §4.1. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "FAILED  | -                     | true",
                "DELAYED | -                     | true",
                "RELAYED | -                     | false",
                "FAILED  | NEVER                 | false",
                "DELAYED | NEVER                 | false",
                "RELAYED | NEVER                 | false",
                "FAILED  | SUCCESS,DELAY         | false",
                "DELAYED | SUCCESS,FAILURE       | false",
                "RELAYED | FAILURE,SUCCESS       | true",
                "DELAYED | delay                 | true"
            })
    void whoIsTold(Notice.Kind kind, @Nullable String wish, boolean told) {
        assertThat(kind.isWanted(wish)).isEqualTo(told);
    }

    @Test
    void aLongMessageIsGivenBackWholeOnlyWhenAskedFor() throws IOException {
        String body = MESSAGE + "x".repeat(70).concat("\r\n").repeat(1000);
        var failed = cases().findFirst().orElseThrow();

        assertThat(part(failed, null, body).whole()).isFalse();
        assertThat(part(failed, "FULL", body).whole()).isTrue();
        assertThat(new String(part(failed, null, body).headers(), StandardCharsets.US_ASCII))
                .isEqualTo("Subject: the words\r\nFrom: a@sender.example\r\n");
    }

    /** An address in a reply is no status. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "450 4.2.0 later            | 4.2.0",
                "450 not from 5.1.2.3       | 4.0.0",
                "450-4.7.1 several lines    | 4.7.1",
                "4.4.1 connect to mx[5.1.2.3] | 4.4.1"
            })
    void statusIsReadOnlyWhereItStands(String reply, String status) {
        assertThat(Notice.statusOf(result("b@example.com", Outcome.DEFERRED, reply, MX, null)))
                .isEqualTo(status);
    }

    private static ReturnedPart part(Case one, @Nullable String ret, String body)
            throws IOException {
        Envelope asked =
                new Envelope(
                        one.envelope.sender(),
                        one.envelope.recipients(),
                        false,
                        false,
                        ret,
                        null,
                        null);
        return ReturnedPart.of(
                notice(one, asked, body),
                () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static Notice notice(Case one, Envelope envelope, String body) {
        return new Notice(
                new QueueId("01K88PA4KK0001"),
                one.kind,
                new ClaimedMessage(
                        new QueueId("01K88PA4KK0000"),
                        envelope,
                        body.length(),
                        RECEIVED,
                        RECEIVED.plus(Duration.ofDays(5)),
                        1,
                        false,
                        Map.of()),
                one.results,
                RECEIVED.plus(one.age));
    }

    private static String render(Case one) throws IOException {
        byte[] original = one.original.getBytes(StandardCharsets.ISO_8859_1);
        var notice = notice(one, one.envelope, one.original);
        var returned = ReturnedPart.of(notice, () -> new ByteArrayInputStream(original));
        MailAddress sender = Objects.requireNonNull(one.envelope.sender());
        var text = new NoticeText(GENERAL, notice, sender, returned);
        byte[] middle = returned.open(() -> new ByteArrayInputStream(original)).readAllBytes();
        boolean utf8 = one.envelope.smtputf8();
        String whole =
                text.head()
                        + new String(
                                middle, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1)
                        + text.tail();
        assertThat(text.isEightBit()).isEqualTo(whole.chars().anyMatch(c -> c > 127));
        assertThat(text.needsSmtputf8()).isEqualTo(utf8);
        return whole;
    }

    private static VerdictDocument wrongName() throws IOException {
        TestCa ca = TestCa.create();
        var shown = ca.leaf("other.example.net").issue();
        return TlsJudge.judge(
                        Requirements.of("secure", "", ca, shown),
                        new TlsPeer("mx.example.com", "192.0.2.1", 25),
                        new TlsObservation.Refused(
                                SmtpReply.of(454, "4.7.0", "TLS not available now")),
                        Duration.ZERO,
                        false,
                        RECEIVED)
                .document();
    }

    private static Envelope envelope(
            String sender, @Nullable String ret, @Nullable String envid, Recipient... recipients) {
        return new Envelope(address(sender), List.of(recipients), false, false, ret, envid, null);
    }

    private static Recipient to(String address, @Nullable String orcpt) {
        return new Recipient(address(address), null, orcpt);
    }

    private static RecipientResult result(
            String recipient,
            Outcome outcome,
            String reply,
            @Nullable String host,
            @Nullable VerdictDocument verdict) {
        return new RecipientResult(
                address(recipient), outcome, reply, "example.com", host, verdict);
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }

    /** The octets of UTF-8, one a character. */
    private static String asOctets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
