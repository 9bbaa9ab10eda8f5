package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.certificate.TrustedCertificates;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.Settings;
import org.sealpost.settings.StartupNotes;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.tls.SessionDetail;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.mock.env.MockEnvironment;

/** Ports: those that are taken, and those that this machine overrides. */
@RunningSealpost
class ListenerPlaceTests {

    private final BeanFactory sealpost;
    private final StoredListeners stored;
    private final ApplicationEventPublisher events;

    ListenerPlaceTests(
            BeanFactory sealpost, StoredListeners stored, ApplicationEventPublisher events) {
        this.sealpost = sealpost;
        this.stored = stored;
        this.events = events;
    }

    @Test
    void aPortThatIsTakenIsRefusedBeforeTheListenerIsMoved() throws IOException {
        ListenerSettings before = stored.get("smtp").value();
        var check = check(new MockEnvironment());
        try (var other = taken()) {
            assertThat(check.problems(before, at(before, other.getLocalPort()), stored.all()))
                    .extracting(Problem::field)
                    .containsExactly("port");

            var overridden = new MockEnvironment().withProperty("sealpost.node.smtp-port", "0");
            assertThat(
                            check(overridden)
                                    .problems(
                                            before, at(before, other.getLocalPort()), stored.all()))
                    .isEmpty();
        }
        assertThat(check.problems(before, at(before, before.port()), stored.all())).isEmpty();
    }

    @Test
    void whatCannotBindIsDownAndComesUpByItself() throws IOException {
        var environment =
                new MockEnvironment()
                        .withProperty("sealpost.node.smtp-port", "0")
                        .withProperty("sealpost.node.smtps-port", "0")
                        .withProperty("sealpost.node.submission-port", "0");
        Listeners listeners = listeners(environment);
        listeners.start();
        try (var other = taken()) {
            environment.setProperty(
                    "sealpost.node.smtp-port", String.valueOf(other.getLocalPort()));
            listeners.apply(new StoredListeners.Changed(stored.get("smtp").value()));
            assertThat(state(listeners, "smtp").boundPort()).isZero();
            assertThat(state(listeners, "smtp").problem())
                    .startsWith("port " + other.getLocalPort() + ": ");
            assertThat(state(listeners, "smtps").boundPort()).isPositive();

            listeners.retryDown();
            assertThat(state(listeners, "smtp").boundPort()).isZero();
        }
        listeners.retryDown(); // what the timer does every ten seconds

        assertThat(state(listeners, "smtp").problem()).isNull();
        try (var talk = new Talk(state(listeners, "smtp").boundPort())) {
            assertThat(talk.line()).startsWith("220 ");
        }
        listeners.stop();
    }

    private Listeners listeners(MockEnvironment environment) {
        return new Listeners(
                stored,
                new NodePorts(environment),
                sealpost.getBean(Settings.class),
                sealpost.getBean(MailQueue.class),
                sealpost.getBean(SubmissionAccounts.class),
                sealpost.getBean(ServerIdentities.class),
                sealpost.getBean(TrustedCertificates.class),
                sealpost.getBean(SealpostHome.class),
                sealpost.getBean(StartupNotes.class),
                sealpost.getBean(SessionDetail.class),
                new BoundListeners(),
                events,
                sealpost.getBean(Clock.class));
    }

    private ListenerCheck check(MockEnvironment environment) {
        return new ListenerCheck(
                sealpost.getBean(ServerIdentities.class), new NodePorts(environment));
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Listeners.ListenerState state(Listeners listeners, String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static ListenerSettings at(ListenerSettings one, int port) {
        return new ListenerSettings(
                one.name(),
                port,
                one.address(),
                one.level(),
                one.implicitTls(),
                List.of(),
                one.protocols(),
                one.ciphers(),
                one.clientCertificate(),
                one.authRequired(),
                one.excludeCiphers(),
                one.groups(),
                one.receivedTlsHeader(),
                one.sessionCacheSeconds(),
                one.logLevel(),
                one.proxyPeers(),
                one.clientCertificateRelay(),
                one.limits());
    }
}
