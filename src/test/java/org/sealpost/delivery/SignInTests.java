package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.delivery.Connector.Request;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.delivery.Way.Credentials;
import org.sealpost.delivery.Way.Mechanism;
import org.sealpost.delivery.events.DeliveryAttempted.Step;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;

/** How user name and password go to a server, and when they do not. */
class SignInTests {

    private static final TestCa CA = TestCa.create();
    private static final Identity SERVER = CA.leaf("mx.example.com").issue();

    private final Clock clock = Clock.systemUTC();
    private final Transcript transcript = new Transcript(clock);
    private SmtpPeer peer;

    @BeforeEach
    void start() throws IOException {
        peer = new SmtpPeer().offersStarttls(SERVER);
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN LOGIN,        ,        PLAIN",
        "LOGIN PLAIN,        ,        PLAIN",
        "LOGIN,              ,        LOGIN",
        "login cram-md5,     ,        LOGIN",
        "PLAIN LOGIN,        LOGIN,   LOGIN",
        "PLAIN XOAUTH2,      XOAUTH2, XOAUTH2"
    })
    void theMechanismIsTheRoutesOrThatTheServerOffers(
            String offered, @Nullable Mechanism wanted, String used) {
        peer.offers("AUTH " + offered);

        assertThat(open("fingerprint", wanted)).isInstanceOf(Result.Open.class);

        List<String> said = peer.heard().subList(peer.heard().indexOf("STARTTLS") + 2, heard());
        assertThat(said)
                .containsExactly(
                        switch (used) {
                            case "PLAIN" ->
                                    new String[] {"AUTH PLAIN " + base64("\0user\0Geheim-12345")};
                            case "LOGIN" ->
                                    new String[] {
                                        "AUTH LOGIN", base64("user"), base64("Geheim-12345")
                                    };
                            default ->
                                    new String[] {
                                        "AUTH XOAUTH2 "
                                                + base64("user=user\1auth=Bearer Geheim-12345\1\1")
                                    };
                        });
        assertThat(transcript.steps().stream().map(Step::line))
                .contains("C: [masked]")
                .noneMatch(line -> line.contains(base64("user")) || line.contains("Geheim"));
    }

    private int heard() {
        return peer.heard().size();
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH XOAUTH2,  ,      does not offer AUTH PLAIN or LOGIN; only XOAUTH2",
        "AUTH PLAIN,    LOGIN, does not offer AUTH LOGIN; only PLAIN",
        "SIZE 1000,     ,      does not offer AUTH PLAIN or LOGIN"
    })
    void whatIsNotOfferedIsNotTried(String offered, @Nullable Mechanism wanted, String text) {
        peer.offers(offered);

        Result result = open("fingerprint", wanted);

        assertThat(result).isInstanceOf(Result.Rejected.class);
        assertThat(((Result.Rejected) result).reply().toString().replace(",", ";")).contains(text);
        assertThat(peer.heard()).noneMatch(line -> line.startsWith("AUTH"));
    }

    /** The reason comes as a challenge, which is answered with an empty line. */
    @Test
    void aTokenThatIsRefusedIsTold() {
        peer.offers("AUTH XOAUTH2").answers(PeerStep.AUTH, "334 " + base64("{\"status\":\"401\"}"));

        Result result = open("fingerprint", Mechanism.XOAUTH2);

        assertThat(((Result.Rejected) result).reply().toString()).startsWith("535 5.7.8");
        assertThat(peer.heard()).contains("");
    }

    @ParameterizedTest
    @CsvSource({"none", "may", "encrypt"})
    void nothingIsSentToAServerThatDoesNotProveWhoItIs(String level) {
        peer.offers("AUTH PLAIN LOGIN XOAUTH2");

        assertThat(open(level, null)).isInstanceOf(Result.Ruled.class);
        assertThat(peer.heard()).noneMatch(line -> line.startsWith("AUTH"));
    }

    private Result open(String level, @Nullable Mechanism wanted) {
        var request =
                new Request(
                        Requirements.of(level, "", CA, SERVER),
                        "relay.example.test",
                        Duration.ZERO,
                        Way.smtp(new Credentials("user", "Geheim-12345", wanted)),
                        _ -> {});
        var target = new Target("mx.example.com", InetAddress.getLoopbackAddress(), peer.port());
        return new Connector(clock, TimeLimits.STANDARD).open(target, request, transcript);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
