package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.queue.MailQueue;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;

/** What a session leaves behind for the live log: everything that was said, and no secret. */
@RunningSealpost
class SessionRecordTests {

    private static final String SECRET = "Horse-Battery-7";

    private final List<InboundSession> ended = new CopyOnWriteArrayList<>();
    private final RunningListener listener;
    private final KeptMail mail;

    SessionRecordTests(BeanFactory sealpost, MailQueue queue) throws IOException {
        mail = new KeptMail(queue);
        listener =
                TestListeners.start(
                        sealpost,
                        event -> ended.add((InboundSession) event),
                        ListenerSettings.standard(
                                "recorded",
                                0,
                                "::1",
                                "may",
                                true,
                                false,
                                ListenerSettings.Limits.STANDARD),
                        mail);
    }

    @AfterEach
    void stop() {
        listener.beginStop();
        listener.finishStop(Instant.now());
    }

    @Test
    void everyCommandIsToldAndNoPasswordIs() throws Exception {
        try (var call = call()) {
            assertThat(call.reply()).startsWith("220 ");
            call.say("EHLO client.example");
            call.say("AUTH PLAIN " + base64("\0user\0" + SECRET));
            call.say("AUTH PLAIN");
            call.say(base64("\0user\0" + SECRET));
            call.say("AUTH LOGIN " + base64("user"));
            call.say(base64(SECRET));
            call.say("AUTH LOGIN");
            call.say(base64("user"));
            call.say(base64(SECRET));
            call.say("auth plain " + base64("\0user\0" + SECRET) + " more");
            call.say("  AUTH PLAIN " + base64("\0user\0" + SECRET));
            call.say("VRFY postmaster");
            call.say("QUIT");
        }

        InboundSession session = ended();
        assertThat(session.steps())
                .extracting(InboundSession.Step::line)
                .contains("C: EHLO client.example", "C: VRFY postmaster", "C: QUIT")
                .contains("C: AUTH [masked]")
                .anyMatch(line -> line.startsWith("Anonymous TLS connection established from "))
                .anyMatch(line -> line.startsWith("S: 221 "))
                .noneMatch(SessionRecordTests::tells);
        assertThat(session.reason()).isEqualTo("quit");
        assertThat(session.bytesIn()).isPositive();
        assertThat(session.bytesOut()).isPositive();
    }

    @Test
    void aClientOfIpv6IsNamedAsRfc5321Wants() throws Exception {
        try (var call = call()) {
            call.reply();
            call.say("EHLO [IPv6:::1]");
            call.say("MAIL FROM:<>");
            call.say("RCPT TO:<postmaster>");
            call.say("DATA");
            assertThat(call.say("Subject: six\r\n\r\nsix\r\n.")).startsWith("250 ");
            call.say("QUIT");
        }

        assertThat(mail.kept().getFirst().octets())
                .startsWith(
                        "Received: from [IPv6:::1] (unknown [IPv6:0:0:0:0:0:0:0:1])\r\n\t(using TLSv1.3");
        assertThat(ended().queueIds()).containsExactly(mail.kept().getFirst().id().toString());
    }

    private TlsCaller.Call call() throws IOException {
        return new TlsCaller(null).call(new Socket(InetAddress.ofLiteral("::1"), listener.port()));
    }

    /** Whether a line holds the password, plain or coded with anything in front. */
    private static boolean tells(String line) {
        return line.contains(SECRET)
                || line.contains(base64("\0user\0" + SECRET))
                || line.contains(base64(SECRET));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private InboundSession ended() {
        await().until(() -> !ended.isEmpty());
        return ended.getFirst();
    }
}
