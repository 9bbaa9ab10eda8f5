package org.sealpost.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.ServerLooks;
import org.sealpost.mail.NextHop;
import org.sealpost.selftest.Order.Subject;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.context.ApplicationEventPublisher;

/** A run ends in time whatever the server does, and tells those who follow. */
@RunningSealpost
class RunnerTests {

    private final SelfTestRows rows;
    private final ServerLooks servers;
    private final Changes changes;
    private final DestinationTest destinations;
    private final ListenerTest listeners;
    private final ApplicationEventPublisher events;

    RunnerTests(
            SelfTestRows rows,
            ServerLooks servers,
            Changes changes,
            DestinationTest destinations,
            ListenerTest listeners,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.servers = servers;
        this.changes = changes;
        this.destinations = destinations;
        this.listeners = listeners;
        this.events = events;
    }

    @Test
    void aServerThatNeverAnswersDoesNotKeepARunBeyondItsLimit() throws Exception {
        var runner =
                new Runner(
                        rows,
                        destinations,
                        listeners,
                        changes,
                        events,
                        Clock.systemUTC(),
                        Duration.ofMillis(400));
        try (var peer = new SmtpPeer()) {
            peer.fallsSilent(PeerStep.CONNECT);
            var subject = new Subject(Subject.NEXT_HOP, peer.nextHop(), peer.nextHop());
            long id = rows.insert(subject, "manual", "test", Instant.now());
            var turns = new AtomicInteger();
            runner.start();
            try (var _ = changes.follow(id, null, turns::incrementAndGet)) {
                runner.enqueue(
                        id,
                        new Order.OfServers(
                                subject,
                                servers.permit(NextHop.parse(peer.nextHop()).orElseThrow(), true)),
                        null);

                await().atMost(Duration.ofSeconds(5)).until(() -> !runner.isOpen(id));

                SelfTest over = rows.find(id).orElseThrow();
                assertThat(over.state()).isEqualTo("failed");
                assertThat(over.summary()).contains("longer than a minute");
                assertThat(over.targets().getFirst().steps().stream().map(TestStep::name))
                        .containsExactly("dns", "connect");
                assertThat(turns.get()).isGreaterThanOrEqualTo(3);
            } finally {
                runner.stop();
            }
        }
    }
}
