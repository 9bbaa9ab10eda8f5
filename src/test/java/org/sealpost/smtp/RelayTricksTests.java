package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * What open relays are found with, said by a stranger to a listener whose destination keeps what it
 * is given: nothing but mail for our own domain may be there.
 */
@RunningSealpost
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayTricksTests {

    private final Settings settings;
    private final KeptMail mail;
    private final RunningListener listener;
    private final RelaySettings before;

    RelayTricksTests(
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            Settings settings,
            MailQueue queue)
            throws IOException {
        this.settings = settings;
        this.before = settings.get(RelaySettings.SECTION);
        this.mail = new KeptMail(queue);
        this.listener =
                TestListeners.start(
                        sealpost,
                        events,
                        ListenerSettings.standard(
                                "tricks",
                                0,
                                "127.0.0.1",
                                "may",
                                false,
                                false,
                                ListenerSettings.Limits.STANDARD),
                        mail);
    }

    @BeforeAll
    void everybodyIsAStranger() {
        relayFor(new RelaySettings(List.of("192.0.2.0/24"), List.of("own.example")));
    }

    @AfterAll
    void restore() {
        relayFor(before);
        listener.beginStop();
        listener.finishStop(Instant.now());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                // HELO          | MAIL FROM               | RCPT TO
                "client.example  | a@sender.example        | b@any.example",
                "own.example     | a@own.example           | b@any.example",
                "localhost       | postmaster@own.example  | b@any.example",
                "[127.0.0.1]     |                         | b@any.example",
                "[192.0.2.1]     | a@[192.0.2.1]           | b@any.example",
                "client.example  | a@sender.example        | b%any.example@own.example",
                "client.example  | a@sender.example        | b%any.example",
                "client.example  | a@sender.example        | any.example!b@own.example",
                "client.example  | a@sender.example        | any.example!b",
                "client.example  | a@sender.example        | own.example!any.example!b",
                "client.example  | a@sender.example        | @own.example:b@any.example",
                "client.example  | a@sender.example        | @own.example,@x.example:b@any.example",
                "client.example  | a@sender.example        | \"b@any.example\"@own.example",
                "client.example  | a@sender.example        | \"b%any.example\"@own.example",
                "client.example  | a@sender.example        | \"any.example!b\"@own.example",
                "client.example  | a@sender.example        | \"b@any.example\"",
                "client.example  | a@sender.example        | b@any.example@own.example",
                "client.example  | a@sender.example        | b@any.example\\@own.example",
                "client.example  | a@sender.example        | b@own.example@any.example",
                "client.example  | a@sender.example        | b@own.example.any.example",
                "client.example  | a@sender.example        | b@sub.own.example",
                "client.example  | a@sender.example        | b@notown.example",
                "client.example  | a@sender.example        | b@[127.0.0.1]",
                "client.example  | a@sender.example        | b@[IPv6:::1]",
                "client.example  | a@sender.example        | b@127.0.0.1",
                "client.example  | a@sender.example        | b@localhost",
                "client.example  | a@sender.example        | b",
                "client.example  | a@sender.example        | b@own.example b@any.example",
                "client.example  | a@sender.example        | b@own.example> <b@any.example",
                "client.example  | a@sender.example        | b@own.example,b@any.example",
                "client.example  | a@sender.example        | b@own.example;b@any.example",
                "client.example  | a@sender.example        | b@any.example\u0000@own.example",
                "client.example  | a@sender.example        | b@own\u3002example.any.example",
                "client.example  | a@sender.example        | postmaster@any.example"
            })
    void isNoWayThrough(String helo, String sender, String recipient) throws IOException {
        try (var talk = new Talk(listener.port())) {
            talk.line();
            talk.say("EHLO " + helo);
            assertThat(talk.say("MAIL FROM:<" + (sender == null ? "" : sender) + ">"))
                    .startsWith("250 ");

            assertThat(talk.say("RCPT TO:<" + recipient + ">"))
                    .matches(
                            "(554 5\\.7\\.1 |501 5\\.1\\.3 |553 5\\.6\\.7 |500 5\\.5\\.2 |501 5\\.5\\.4 |555 5\\.5\\.4 ).*");

            talk.send("DATA\r\n");
            assertThat(talk.line()).matches("(554 5\\.5\\.1|503 5\\.5\\.1) .*");
        }
        assertThat(mail.kept()).allMatch(RelayTricksTests::isOurs);
    }

    @ParameterizedTest
    @CsvSource({"b@own.example", "B@OWN.Example", "postmaster"})
    void whatIsForUsIsTaken(String recipient) throws IOException {
        int taken = mail.kept().size();
        try (var talk = new Talk(listener.port())) {
            talk.line();
            talk.say("EHLO client.example");
            talk.say("MAIL FROM:<a@sender.example>");
            assertThat(talk.say("RCPT TO:<" + recipient + ">")).isEqualTo("250 2.1.5 Ok");
            talk.say("DATA");
            assertThat(talk.say("x\r\n.")).startsWith("250 ");
        }
        assertThat(mail.kept()).hasSize(taken + 1);
    }

    private static boolean isOurs(KeptMail.Kept kept) {
        return kept.envelope().recipients().stream()
                .allMatch(recipient ->
                        recipient
                                .address()
                                .toString()
                                .matches("(?i)b@own\\.example|postmaster@.*"));
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
