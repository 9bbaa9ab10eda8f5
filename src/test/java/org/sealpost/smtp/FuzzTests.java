package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.queue.MailQueue;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;

/**
 * Random commands, and messages cut at random places, said to a real listener. The seed stands in
 * every failure; {@code -Dsealpost.fuzz.seed=N} repeats it.
 */
@RunningSealpost
class FuzzTests {

    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final List<String> VERBS =
            List.of(
                    "EHLO",
                    "HELO",
                    "MAIL FROM:",
                    "RCPT TO:",
                    "DATA",
                    "BDAT",
                    "RSET",
                    "NOOP",
                    "VRFY",
                    "AUTH",
                    "STARTTLS",
                    "EXPN",
                    "HELP",
                    "mail from:",
                    "XCLIENT",
                    "");
    private static final List<String> PIECES =
            List.of(
                    "<a@sender.example>",
                    "<b@to.example>",
                    "<>",
                    "<\"a b\"@x.example>",
                    "<a@[127.0.0.1]>",
                    "<@x.example:b@y.example>",
                    "<b%z@to.example>",
                    "<",
                    ">",
                    "\"",
                    "\\",
                    "@",
                    " ",
                    "SIZE=10",
                    "SIZE=99999999999999999999",
                    "BODY=8BITMIME",
                    "SMTPUTF8",
                    "RET=HDRS",
                    "ENVID=+41",
                    "NOTIFY=NEVER",
                    "ORCPT=rfc822;x",
                    "FOO=BAR",
                    "=",
                    "+",
                    "0",
                    "3",
                    "LAST",
                    "3 LAST\r\nx\r\n",
                    "PLAIN",
                    "LOGIN",
                    "AGEAYg==",
                    "ü",
                    "\0",
                    "\r",
                    "\n",
                    "\t",
                    "\u007f",
                    "client.example",
                    "[",
                    "]",
                    ".",
                    "..",
                    "\r\n.\r\n",
                    "a".repeat(1200));

    private final KeptMail mail;
    private final RunningListener listener;
    private final long seed = Long.getLong("sealpost.fuzz.seed", System.nanoTime() & 0xffff_ffffL);
    private final Random random = new Random(seed);

    FuzzTests(BeanFactory sealpost, MailQueue queue) throws IOException {
        this.mail = new KeptMail(queue);
        this.listener =
                TestListeners.start(
                        sealpost,
                        event -> {},
                        ListenerSettings.standard(
                                "fuzz",
                                0,
                                "127.0.0.1",
                                "may",
                                false,
                                false,
                                ListenerSettings.Limits.of(5, 10, 1000, 100_000, 100, 1000, 1000)),
                        mail);
    }

    @AfterEach
    void stop() {
        listener.beginStop();
        listener.finishStop(Instant.now());
    }

    /** Whatever is said: every reply is one, none is an accident, and nothing hangs. */
    @Test
    void commands() throws IOException {
        int sessions = FULL ? 5000 : 150;
        for (int session = 0; session < sessions; session++) {
            try (var talk = new Talk(listener.port())) {
                var said = new StringBuilder();
                assertThat(talk.line()).startsWith("220 ");
                if (random.nextInt(4) > 0) {
                    said.append("EHLO client.example\r\n");
                }
                for (int i = random.nextInt(12); i >= 0; i--) {
                    said.append(VERBS.get(random.nextInt(VERBS.size())));
                    for (int piece = random.nextInt(4); piece > 0; piece--) {
                        said.append(random.nextInt(3) == 0 ? " " : "");
                        said.append(PIECES.get(random.nextInt(PIECES.size())));
                    }
                    said.append("\r\n");
                }
                talk.send(said.toString());
                talk.socket.shutdownOutput();
                String line = talk.line();
                for (; line != null; line = talk.line()) {
                    assertThat(line)
                            .as("seed %d, session %d: %s", seed, session, said)
                            .matches("(250[ -].*|354 .*|334 .*|[245]\\d\\d [245]\\.\\d+\\.\\d+ .*)")
                            .doesNotStartWith("451 ");
                    if (line.equals("220 2.0.0 Ready to start TLS")) {
                        break; // what follows is TLS
                    }
                }
            }
        }
    }

    /** A message arrives octet for octet or not at all, however it is cut and sent. */
    @Test
    void messages() throws IOException {
        int messages = FULL ? 20_000 : 400;
        int accepted = 0;
        try (var talk = new Talk(listener.port())) {
            talk.line();
            talk.say("EHLO client.example");
            for (int i = 0; i < messages; i++) {
                String message = message();
                boolean clean = isClean(message);
                boolean chunked = random.nextBoolean();
                String reply = chunked ? bdat(talk, message) : data(talk, message);
                String about = "seed %d, message %d".formatted(seed, i);
                if (clean) {
                    accepted++;
                    assertThat(reply).as(about).startsWith("250 2.0.0 Ok: queued as ");
                    assertThat(lastKept()).as(about).isEqualTo(whole(message));
                } else {
                    assertThat(reply).as(about).startsWith("550 5.6.");
                }
                assertThat(mail.kept()).as(about).hasSize(accepted);
                if (i % 20 == 19) {
                    talk.say("RSET");
                }
            }
        }
        assertThat(accepted).isBetween(messages / 10, messages);
    }

    private String data(Talk talk, String message) throws IOException {
        begin(talk);
        assertThat(talk.say("DATA")).startsWith("354 ");
        String stuffed = ("\n" + whole(message)).replace("\n.", "\n..").substring(1);
        scattered(talk, stuffed + ".\r\nNOOP\r\n");
        return replyBeforeNoop(talk);
    }

    private String bdat(Talk talk, String message) throws IOException {
        begin(talk);
        String text = message;
        var all = new StringBuilder();
        int chunks = 0;
        while (!text.isEmpty() && random.nextInt(3) > 0) {
            int cut = random.nextInt(text.length() + 1);
            all.append("BDAT ").append(cut).append("\r\n").append(text, 0, cut);
            text = text.substring(cut);
            chunks++;
        }
        all.append("BDAT ").append(text.length()).append(" LAST\r\n").append(text);
        scattered(talk, all + "NOOP\r\n");
        String reply = String.valueOf(talk.line());
        for (; chunks > 0 && reply.endsWith(" octets received"); chunks--) {
            reply = String.valueOf(talk.line());
        }
        for (; chunks > 0; chunks--) { // those after the refused one
            assertThat(talk.line()).startsWith("503 ");
        }
        assertThat(talk.line()).as("seed %d", seed).isEqualTo("250 2.0.0 Ok");
        return reply;
    }

    private static void begin(Talk talk) throws IOException {
        assertThat(talk.say("MAIL FROM:<a@sender.example>")).startsWith("250 ");
        assertThat(talk.say("RCPT TO:<b@to.example>")).startsWith("250 ");
    }

    private String replyBeforeNoop(Talk talk) throws IOException {
        String reply = String.valueOf(talk.line());
        assertThat(talk.line()).as("seed %d", seed).isEqualTo("250 2.0.0 Ok");
        return reply;
    }

    /** In segments of any size. */
    private void scattered(Talk talk, String octets) throws IOException {
        int at = 0;
        while (at < octets.length()) {
            int end = Math.min(octets.length(), at + 1 + random.nextInt(200));
            talk.send(octets.substring(at, end));
            at = end;
        }
    }

    private String message() {
        var text = new StringBuilder();
        boolean dirty = random.nextInt(4) == 0;
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.append(
                    switch (random.nextInt(6)) {
                        case 0 -> ".";
                        case 1 -> "..";
                        case 2 -> "QUIT";
                        case 3 -> "x".repeat(random.nextInt(5000));
                        case 4 -> "\u00e9";
                        default -> "";
                    });
            text.append(
                    !dirty || random.nextInt(3) > 0
                            ? "\r\n"
                            : List.of("\r", "\n", "\r\r\n", "\n\r", "\0").get(random.nextInt(5)));
        }
        return text.toString();
    }

    private static boolean isClean(String message) {
        String text = message.replace("\r\n", "");
        return text.indexOf('\r') < 0 && text.indexOf('\n') < 0 && text.indexOf('\0') < 0;
    }

    /** With the end of the last line, which DATA cannot leave out. */
    private static String whole(String message) {
        return message.isEmpty() || message.endsWith("\r\n") ? message : message + "\r\n";
    }

    /** Without our Received line. */
    private String lastKept() {
        return mail.kept().getLast().octets().replaceFirst("(?s)\\A.*?\r\n(?!\t)", "");
    }
}
