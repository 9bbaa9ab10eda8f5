package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.PrivatePostfix;
import org.sealpost.testing.RealPostfix;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TlsDialogue;
import org.springframework.beans.factory.annotation.Value;

/** Sealpost and a real Postfix hand each other mail over TLS. */
@RunningSealpost
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InteropTests {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String MESSAGE =
            "Subject: interop\r\n\r\nfirst\r\n..second starts with a dot\r\ntrailing  \r\n.";

    private final Listeners listeners;
    private final Configurer sealpost;
    private final TestCa ca = TestCa.create("Interop");
    private final TestCa.Identity identity = ca.leaf("localhost").issue();
    private SmtpPeer sink;
    private PrivatePostfix postfix;

    InteropTests(@Value("${local.server.port}") int http, Listeners listeners) {
        this.listeners = listeners;
        this.sealpost = new Configurer(http);
    }

    @BeforeAll
    void start() throws Exception {
        RealPostfix.requiredToRun();
        sink = new SmtpPeer().offersStarttls(identity);
        postfix = new PrivatePostfix();
        postfix.set("smtpd_tls_security_level", "encrypt")
                .set("smtpd_tls_chain_files", postfix.file("chain.pem", identity.pem()).toString())
                .set("smtpd_tls_received_header", "yes")
                .set("smtp_tls_security_level", "encrypt")
                .set(
                        "transport_maps",
                        "inline:{{in.example=smtp:[127.0.0.1]:%d},{out.example=smtp:[127.0.0.1]:%d}}"
                                .formatted(port("smtp"), sink.port()))
                .start();
    }

    @AfterEach
    void forget() throws Exception {
        sealpost.removeAll();
    }

    @AfterAll
    void stop() throws Exception {
        if (postfix != null) {
            postfix.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    @Test
    void postfixRelaysToSealpostAtLevelEncryptAndSealpostDelivers() throws Exception {
        sealpost.route("in.example", sink.nextHop());

        try (var client = TlsDialogue.starttls(postfix.port())) {
            client.say("MAIL FROM:<a@sender.example>");
            client.say("RCPT TO:<b@in.example>");
            client.say("DATA");
            assertThat(client.say(MESSAGE)).startsWith("250 2.0.0 Ok: queued as");
        }

        SmtpPeer.Taken message = takenFor("b@in.example");
        assertThat(message.encrypted()).isTrue();
        assertThat(message.text())
                .startsWith("Received: from postfix.example.test (unknown [127.0.0.1])")
                .contains("by relay.example.test (Sealpost) with ESMTPS id ")
                .contains("by postfix.example.test (Postfix) with ESMTPS id ")
                .endsWith("\r\n\r\nfirst\r\n.second starts with a dot\r\ntrailing  \r\n");
        assertThat(postfix.lines())
                .anyMatch(line ->
                        line.contains(
                                "TLS connection established to 127.0.0.1[127.0.0.1]:%d: TLSv1.3"
                                        .formatted(port("smtp"))))
                .anyMatch(line ->
                        line.contains("to=<b@in.example>")
                                && line.contains("status=sent (250 2.0.0 Ok: queued as "));
    }

    /** Pipelined, in 8 bits, with what DSN asks: as Postfix hands over a mailing. */
    @Test
    void everyRecipientOfAMailingFromPostfixIsServed() throws Exception {
        sealpost.route("in.example", sink.nextHop());
        List<String> recipients =
                IntStream.range(0, 120).mapToObj(i -> "n" + i + "@in.example").toList();

        try (var client = TlsDialogue.starttls(postfix.port())) {
            client.say("MAIL FROM:<list@sender.example> BODY=8BITMIME RET=HDRS ENVID=mailing");
            for (String recipient : recipients) {
                assertThat(client.say("RCPT TO:<" + recipient + "> NOTIFY=NEVER"))
                        .startsWith("250");
            }
            client.say("DATA");
            assertThat(client.say("Subject: m\r\nMIME-Version: 1.0\r\n\r\ngr\u00fcn\r\n."))
                    .startsWith("250");
        }

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(served("n")).containsExactlyInAnyOrderElementsOf(recipients));
        assertThat(sink.taken())
                .filteredOn(one -> one.commands().stream().anyMatch(this::isMailing))
                .allSatisfy(one -> {
                    assertThat(one.encrypted()).isTrue();
                    assertThat(new String(one.body(), StandardCharsets.UTF_8))
                            .endsWith("\r\n\r\ngr\u00fcn\r\n");
                    assertThat(one.commands())
                            .anyMatch(line ->
                                    line.startsWith("MAIL FROM:<list@sender.example>")
                                            && line.contains("RET=HDRS")
                                            && line.contains("ENVID=mailing"))
                            .anyMatch(line -> line.contains("NOTIFY=NEVER"));
                });
    }

    private boolean isMailing(String line) {
        return line.startsWith("MAIL FROM:<list@sender.example>");
    }

    /** The recipients whose address begins so, in the order the sink was told them. */
    private List<String> served(String begin) {
        return sink.taken().stream()
                .flatMap(one -> one.commands().stream())
                .filter(line -> line.startsWith("RCPT TO:<" + begin))
                .map(line -> line.substring("RCPT TO:<".length(), line.indexOf('>')))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"verify", "secure", "fingerprint"})
    void sealpostRelaysToAPostfixThatProvesWhoItIs(String level) throws Exception {
        String hop = "[localhost]:" + postfix.port();
        String recipient = level + "@out.example";
        sealpost.route("out.example", hop);
        sealpost.policy(
                hop,
                level,
                level.equals("fingerprint")
                        ? "{\"match\":[\"%s\"]}".formatted(pin())
                        : "{\"tafile\":[\"%d\"]}".formatted(sealpost.anchor(ca.pem())));

        SmtpPeer.talk(
                port("smtp"),
                "EHLO client.example",
                "MAIL FROM:<a@sender.example>",
                "RCPT TO:<%s>".formatted(recipient),
                "DATA",
                MESSAGE);

        SmtpPeer.Taken message = takenFor(recipient);
        assertThat(message.text())
                .contains("Received: from relay.example.test (localhost [127.0.0.1])")
                .contains("(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384")
                .contains("by postfix.example.test (Postfix) with ESMTPS id ")
                .endsWith("\r\n\r\nfirst\r\n.second starts with a dot\r\ntrailing  \r\n");
    }

    private String pin() {
        return "sha256:" + Fingerprint.ofCertificate(identity.leaf(), Digest.SHA256).colonText();
    }

    private SmtpPeer.Taken takenFor(String recipient) {
        String command = "RCPT TO:<" + recipient.toLowerCase(Locale.ROOT) + ">";
        return await().atMost(SOON)
                .until(
                        () ->
                                sink.taken().stream()
                                        .filter(one ->
                                                one.commands().stream()
                                                        .anyMatch(line -> line.startsWith(command)))
                                        .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private int port(String name) {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals(name))
                .findAny()
                .orElseThrow()
                .boundPort();
    }
}
