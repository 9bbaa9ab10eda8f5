package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.Envelope;
import org.sealpost.testing.ServerKinds;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.sealpost.tls.Verdict;
import org.sealpost.tls.VerdictDocument;

/** Each level against each behaviour of a real server, up to a message that arrives or does not. */
class LevelTableTests {

    private static final TestCa CA = TestCa.create();
    private static final ServerKinds SERVERS =
            new ServerKinds(CA, TestCa.create("Other"), "mx.example.com", "example.com");
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final byte[] MESSAGE =
            "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvFileSource(
            resources = "/delivery/levels.csv",
            delimiter = '|',
            nullValues = "-",
            ignoreLeadingAndTrailingWhitespace = true)
    void endsAsTheTableSays(
            String level,
            @Nullable String rule,
            String server,
            @Nullable String age,
            String outcome,
            @Nullable String code,
            @Nullable String failed)
            throws Exception {
        try (var peer = new SmtpPeer()) {
            SERVERS.apply(peer, server);
            // A server that says nothing is given up soon, also one that waits for TLS at once.
            boolean silentHandshake = server.equals("silent-handshake");
            boolean silent =
                    !silentHandshake
                            && (server.startsWith("silent")
                                    || (server.equals("implicit") && rule == null));
            var limits =
                    new TimeLimits(
                            LONG,
                            silent ? SHORT : LONG,
                            silentHandshake ? SHORT : LONG,
                            LONG,
                            LONG);
            var request =
                    new Connector.Request(
                            Requirements.of(
                                    level, rule == null ? "" : rule, CA, SERVERS.identity(server)),
                            "relay.example.test",
                            Duration.ofSeconds("old".equals(age) ? 300 : 0),
                            null);
            var target =
                    new Target("mx.example.com", InetAddress.getLoopbackAddress(), peer.port());
            var clock = Clock.systemUTC();

            Result result =
                    new Connector(clock, limits).open(target, request, new Transcript(clock));

            assertThat(outcome(result)).isEqualTo(outcome);
            VerdictDocument verdict = verdict(result);
            assertThat(verdict == null ? null : verdict.code()).isEqualTo(code);
            assertThat(failed(verdict))
                    .isEqualTo(failed == null ? Set.of() : Set.of(failed.split(" ")));
            if (result instanceof Result.Open(OutboundSession session)) {
                deliver(session, limits);
            }
            assertThat(peer.taken().stream().map(SmtpPeer.Taken::encrypted))
                    .isEqualTo(
                            switch (outcome) {
                                case "deliver-encrypted" -> List.of(true);
                                case "deliver-clear" -> List.of(false);
                                default -> List.of();
                            });
        }
    }

    private static String outcome(Result result) {
        return switch (result) {
            case Result.Unreachable _ -> "no-session";
            case Result.Rejected _ -> "rejected";
            case Result.Ruled(Verdict.Defer verdict) -> verdict.document().outcome();
            case Result.Open(OutboundSession session) -> session.verdict().document().outcome();
        };
    }

    private static @Nullable VerdictDocument verdict(Result result) {
        return switch (result) {
            case Result.Unreachable _, Result.Rejected _ -> null;
            case Result.Ruled(Verdict.Defer verdict) -> verdict.document();
            case Result.Open(OutboundSession session) -> session.verdict().document();
        };
    }

    private static Set<String> failed(@Nullable VerdictDocument verdict) {
        return verdict == null
                ? Set.of()
                : verdict.checks().stream()
                        .filter(check -> check.result().equals("fail"))
                        .map(VerdictDocument.CheckDocument::name)
                        .collect(Collectors.toSet());
    }

    private static void deliver(OutboundSession session, TimeLimits limits) throws IOException {
        var recipient =
                new Envelope.Recipient(
                        MailAddress.parse("b@example.com").orElseThrow(), null, null);
        var envelope = new Envelope(null, List.of(recipient), false, false, null, null, null);
        try (session) {
            var told =
                    new Transaction(session, limits)
                            .send(
                                    envelope,
                                    List.of(recipient),
                                    MESSAGE.length,
                                    () -> new ByteArrayInputStream(MESSAGE));
            assertThat(told.get(recipient)).isNotNull();
        }
    }
}
