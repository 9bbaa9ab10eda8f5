package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/** Client certificates: none, ask, require; and who may relay for them. */
@RunningSealpost
class ClientCertificateTests {

    private static final String DENIED = "554 5.7.1 <b@any.example>: Relay access denied";

    private final BeanFactory sealpost;
    private final ApplicationEventPublisher events;
    private final Settings settings;
    private final MailQueue queue;
    private final Clock clock;
    private final int http;
    private final RelaySettings forTrusted;
    private final List<RunningListener> started = new ArrayList<>();
    private final TestCa ca = TestCa.create();
    private final TestCa.Identity partner = ca.leaf("partner.example").forClients().issue();

    ClientCertificateTests(
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            Settings settings,
            MailQueue queue,
            Clock clock,
            @Value("${local.server.port}") int http) {
        this.sealpost = sealpost;
        this.events = events;
        this.settings = settings;
        this.queue = queue;
        this.clock = clock;
        this.http = http;
        this.forTrusted = settings.get(RelaySettings.SECTION);
    }

    @BeforeEach
    void everybodyIsAStranger() {
        relayFor(new RelaySettings(List.of("192.0.2.0/24"), List.of("own.example")));
    }

    @AfterEach
    void restore() {
        relayFor(forTrusted);
        started.forEach(RunningListener::beginStop);
        started.forEach(listener -> listener.finishStop(Instant.now()));
    }

    @Test
    void aListedCertificateMayRelayUntilItExpires() throws Exception {
        Instant soon = clock.instant().plus(Duration.ofSeconds(2));
        int port =
                listener(
                        "ask",
                        new RelayCertificate(print(), "partner", null),
                        new RelayCertificate("sha256:" + "AB:".repeat(31) + "AB", "other", null));
        int expiring = listener("ask", new RelayCertificate(print(), "partner", soon));
        int byKey =
                listener(
                        "ask",
                        new RelayCertificate(
                                "spki-sha256:"
                                        + Fingerprint.ofPublicKey(partner.leaf(), Digest.SHA256)
                                                .colonText(),
                                "partner",
                                null));

        assertThat(rcpt(port, partner)).isEqualTo("250 2.1.5 Ok");
        assertThat(rcpt(byKey, partner)).isEqualTo("250 2.1.5 Ok");
        assertThat(rcpt(port, ca.leaf("partner.example").forClients().issue())).isEqualTo(DENIED);
        assertThat(rcpt(port, null)).isEqualTo(DENIED);
        try (var call = new TlsCaller(partner).call(expiring)) {
            begin(call);
            assertThat(call.say("RCPT TO:<b@any.example>")).isEqualTo("250 2.1.5 Ok");
            // The session is older than the permission: it ends all the same.
            await().until(() -> clock.instant().isAfter(soon));
            assertThat(call.say("RCPT TO:<b@any.example>")).isEqualTo(DENIED);
        }
    }

    @Test
    void aResumedSessionKeepsTheCertificateThatWasShown() throws Exception {
        int port = listener("ask", new RelayCertificate(print(), "partner", null));
        var caller = new TlsCaller(partner);
        long first;
        try (var call = caller.call(port)) {
            begin(call);
            first = call.socket().getSession().getCreationTime();
        }
        await().until(() -> clock.millis() > first);

        try (var call = caller.call(port)) {
            begin(call);
            assertThat(call.socket().getSession().getCreationTime()).isEqualTo(first);
            assertThat(call.say("RCPT TO:<b@any.example>")).isEqualTo("250 2.1.5 Ok");
        }
    }

    @Test
    void notAskedForACertificateCountsForNothing() throws Exception {
        int port = listener("none", new RelayCertificate(print(), "partner", null));

        assertThat(rcpt(port, partner)).isEqualTo(DENIED);
    }

    @Test
    void requiredMeansTrustedOrListed() throws Exception {
        int port = listener("require");
        int listed = listener("require", new RelayCertificate(print(), "partner", null));
        String host = "421 4.7.1 relay.example.test Error: ";

        assertThat(banner(port, null)).isEqualTo(host + "No client certificate presented");
        assertThat(banner(port, partner)).isEqualTo(host + "Client certificate not trusted");
        assertThat(banner(listed, partner)).startsWith("220 ");
        var configurer = new Configurer(http);
        try {
            configurer.trust(ca.pem());
            assertThat(banner(port, partner)).startsWith("220 ");
            assertThat(banner(port, ca.leaf("x.example").forClients().expired().issue()))
                    .isEqualTo(host + "Client certificate not trusted");
            assertThat(banner(port, ca.leaf("x.example").issue())) // a server's certificate
                    .isEqualTo(host + "Client certificate not trusted");
        } finally {
            configurer.removeAll();
        }
    }

    @Test
    void theReceivedLineTellsWhoTheClientIs() throws Exception {
        var hostile = ca.leaf("x.example").subject("CN=a\\\"b (c)\\\r\nX: y").forClients().issue();
        var self = TestCa.selfSigned("self.example");

        assertThat(received(listener("none"), partner))
                .contains("(No client certificate requested)");
        assertThat(received(listener("ask"), null))
                .contains("(Client did not present a certificate)");
        assertThat(received(listener("ask"), self))
                .contains("(Client CN \"self.example\", Issuer \"self.example\" (not verified))");
        assertThat(received(listener("ask"), hostile))
                .contains("(Client CN \"a?b ?c???X: y\", Issuer \"Test CA\" (not verified))");
    }

    private String received(int port, TestCa.@Nullable Identity identity) throws Exception {
        try (var call = new TlsCaller(identity).call(port)) {
            begin(call);
            call.say("RCPT TO:<b@own.example>");
            call.say("DATA");
            String queued = call.say("Subject: x\r\n\r\nx\r\n.");
            assertThat(queued).startsWith("250 ");
            var id = new QueueId(queued.substring(queued.lastIndexOf(' ') + 1));
            String text = new String(queue.body(id).readAllBytes(), StandardCharsets.US_ASCII);
            return text.substring(0, text.indexOf("Subject"));
        }
    }

    private int listener(String clientCertificate, RelayCertificate... relay) throws IOException {
        var document =
                ListenerSettings.standard(
                        "cert",
                        0,
                        "127.0.0.1",
                        "encrypt",
                        true,
                        false,
                        ListenerSettings.Limits.STANDARD);
        RunningListener running =
                TestListeners.start(
                        sealpost,
                        events,
                        new ListenerSettings(
                                document.name(),
                                0,
                                document.address(),
                                document.level(),
                                true,
                                List.of(),
                                document.protocols(),
                                document.ciphers(),
                                clientCertificate,
                                false,
                                document.excludeCiphers(),
                                List.of(),
                                true,
                                3600,
                                2,
                                List.of(),
                                List.of(relay),
                                document.limits()));
        started.add(running);
        return running.port();
    }

    private String print() {
        return Fingerprint.ofCertificate(partner.leaf(), Digest.SHA256).toString();
    }

    private static String banner(int port, TestCa.@Nullable Identity identity) throws IOException {
        try (var call = new TlsCaller(identity).call(port)) {
            return call.reply();
        }
    }

    private static String rcpt(int port, TestCa.@Nullable Identity identity) throws IOException {
        try (var call = new TlsCaller(identity).call(port)) {
            begin(call);
            return call.say("RCPT TO:<b@any.example>");
        }
    }

    private static void begin(TlsCaller.Call call) throws IOException {
        assertThat(call.reply()).startsWith("220 ");
        assertThat(call.say("EHLO client.example")).startsWith("250 ");
        assertThat(call.say("MAIL FROM:<>")).startsWith("250 ");
    }

    private void relayFor(RelaySettings relay) {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("test", "", "settings:write"));
        try {
            settings.update(RelaySettings.SECTION, relay, null);
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}
