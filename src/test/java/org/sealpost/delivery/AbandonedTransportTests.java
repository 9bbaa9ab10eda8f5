package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;

/** The transport of the clear part before STARTTLS is garbage while TLS runs on its connection. */
class AbandonedTransportTests {

    private static final TestCa CA = TestCa.create();

    @Test
    @SuppressWarnings("removal") // how finalizers run at a given moment
    void collectingItLeavesTheSessionAlone() throws Exception {
        TestCa.Identity identity = CA.leaf("mx.example.com").issue();
        try (var peer = new SmtpPeer().offersStarttls(identity)) {
            var clock = Clock.systemUTC();
            var request =
                    new Connector.Request(
                            Requirements.of("secure", "", CA, identity),
                            "relay.example.test",
                            Duration.ZERO,
                            null);
            var target =
                    new Target("mx.example.com", InetAddress.getLoopbackAddress(), peer.port());
            Result result =
                    new Connector(clock, TimeLimits.STANDARD)
                            .open(target, request, new Transcript(clock));
            try (OutboundSession session = ((Result.Open) result).session()) {
                for (int i = 0; i < 5; i++) {
                    System.gc();
                    Runtime.getRuntime().runFinalization();
                }

                assertThat(session.transport().command("NOOP").isPositive()).isTrue();
            }
        }
    }
}
