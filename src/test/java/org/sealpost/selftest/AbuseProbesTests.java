package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.settings.RelaySettings;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;

/** What the probes say of a server that is not one of our listeners, faults and all. */
@RunningSealpost
class AbuseProbesTests {

    private final TlsPolicies policies;

    AbuseProbesTests(TlsPolicies policies) {
        this.policies = policies;
    }

    @Test
    void anOpenRelayThatTakesPasswordsInClearTextIsSeen() throws Exception {
        try (var peer = new SmtpPeer()) {
            peer.answers(PeerStep.EHLO, "250-peer\r\n250 AUTH PLAIN LOGIN");
            OwnListener listener = Listening.at(peer.port(), "none", false);
            TlsRequirement requirement = requirement(peer);

            Map<String, String> seen =
                    new AbuseProbes(
                                    listener,
                                    requirement,
                                    new RelaySettings(List.of("127.0.0.0/8"), List.of()))
                            .steps().stream()
                                    .collect(Collectors.toMap(TestStep::name, TestStep::status));

            assertThat(seen)
                    .containsEntry("plaintext-auth-refused", "fail")
                    .containsEntry("open-relay-refused", "fail");
            assertThat(peer.taken()).isEmpty();
        }
    }

    @Test
    void withoutAMailboxNothingIsSentAndWithOneItIsTakenAsAStrangers() throws Exception {
        try (var peer = new SmtpPeer()) {
            peer.answersRcptOf("other.example", "554 5.7.1 Relay access denied");
            var probes =
                    new SessionProbes(Listening.at(peer.port(), "none", false), requirement(peer));
            String postmaster = "postmaster@relay.example.test";

            assertThat(probes.session(null, postmaster).status()).isEqualTo("pass");
            assertThat(probes.session("me@other.example", postmaster).status()).isEqualTo("warn");
            assertThat(peer.taken()).isEmpty();
            assertThat(probes.session(postmaster, postmaster).status()).isEqualTo("pass");
            assertThat(peer.taken()).hasSize(1);
            assertThat(peer.taken().getFirst().commands()).contains("RCPT TO:<postmaster>");
        }
    }

    private TlsRequirement requirement(SmtpPeer peer) {
        return policies.byDefault(NextHop.parse(peer.nextHop()).orElseThrow(), TlsLevel.MAY);
    }
}
