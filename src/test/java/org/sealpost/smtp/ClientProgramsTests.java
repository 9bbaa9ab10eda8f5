package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.queue.MailQueue;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.Openssl;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;

/** Programs others wrote send mail through our listeners, over TLS and signed in. */
@RunningSealpost
class ClientProgramsTests {

    private static final String ACCOUNT =
            "{\"username\":\"programs\",\"password\":\"Horse-Battery-7\",\"senders\":[]}";

    private final HttpCaller api;
    private final KeptMail mail;
    private final RunningListener starttls;
    private final RunningListener implicit;
    @TempDir Path folder;

    ClientProgramsTests(
            @Value("${local.server.port}") int http,
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            MailQueue queue)
            throws IOException {
        this.api = HttpCaller.administrator(http);
        this.mail = new KeptMail(queue);
        var limits = ListenerSettings.Limits.STANDARD;
        starttls =
                TestListeners.start(
                        sealpost,
                        events,
                        ListenerSettings.standard(
                                "starttls", 0, "127.0.0.1", "encrypt", false, true, limits),
                        mail);
        implicit =
                TestListeners.start(
                        sealpost,
                        events,
                        ListenerSettings.standard(
                                "implicit", 0, "127.0.0.1", "encrypt", true, true, limits),
                        mail);
    }

    @BeforeEach
    void account() throws Exception {
        assertThat(api.json("POST", "/api/v1/smtp-users", ACCOUNT).statusCode()).isEqualTo(201);
    }

    @AfterEach
    void remove() throws Exception {
        api.json("DELETE", "/api/v1/smtp-users/programs", null);
        for (RunningListener one : List.of(starttls, implicit)) {
            one.beginStop();
            one.finishStop(Instant.now());
        }
    }

    @Test
    void swaks() {
        require("swaks");
        String options =
                " --server 127.0.0.1:%d --auth %s --auth-user programs --auth-password Horse-Battery-7"
                        + " --from a@sender.example --to b@to.example --helo client.example";
        run("swaks --tls" + options.formatted(starttls.port(), "LOGIN"));
        run("swaks --tlsc --pipeline" + options.formatted(implicit.port(), "PLAIN"));

        assertThat(mail.kept())
                .hasSize(2)
                .allMatch(one -> one.octets().contains("with ESMTPSA id"));
    }

    @Test
    void smtplib() throws IOException {
        require("python3");
        Files.writeString(
                folder.resolve("send.py"),
                """
                import smtplib, ssl
                tls = ssl.create_default_context()
                tls.check_hostname = False
                tls.verify_mode = ssl.CERT_NONE
                for port, implicit in ((%d, False), (%d, True)):
                    kind = smtplib.SMTP_SSL if implicit else smtplib.SMTP
                    with kind("127.0.0.1", port, **({"context": tls} if implicit else {})) as s:
                        if not implicit:
                            s.starttls(context=tls)
                        s.login("programs", "Horse-Battery-7")
                        s.sendmail("a@sender.example", ["b@to.example"], "Subject: p\\n\\n.dot\\n")
                        s.ehlo_or_helo_if_needed()
                        s.mail("a@sender.example", ["BODY=8BITMIME"])
                        s.rcpt("b@to.example", ["NOTIFY=NEVER"])
                        body = b"Subject: c\\r\\n\\r\\nchunk\\r\\n"
                        s.send(b"BDAT %%d LAST\\r\\n" %% len(body) + body)
                        code, text = s.getreply()
                        assert code == 250, text
                """
                        .formatted(starttls.port(), implicit.port()));
        run("python3 send.py");

        assertThat(mail.kept()).hasSize(4);
        assertThat(mail.kept().get(0).octets()).endsWith("Subject: p\r\n\r\n.dot\r\n");
        assertThat(mail.kept().get(1).octets()).endsWith("Subject: c\r\n\r\nchunk\r\n");
    }

    @Test
    void msmtp() throws IOException {
        require("msmtp");
        Files.writeString(folder.resolve("message"), "Subject: m\n\nmsmtp\n");
        for (RunningListener one : List.of(starttls, implicit)) {
            run(
                    ("msmtp --host=127.0.0.1 --port=%d --tls=on --tls-certcheck=off --tls-starttls=%s"
                                    + " --auth=plain --user=programs --passwordeval='echo Horse-Battery-7'"
                                    + " --from=a@sender.example b@to.example < message")
                            .formatted(one.port(), one == starttls ? "on" : "off"));
        }

        assertThat(mail.kept()).hasSize(2).allMatch(one -> one.octets().endsWith("msmtp\r\n"));
    }

    private void run(String command) {
        Openssl.script(folder, command);
    }

    private static void require(String program) {
        boolean present =
                List.of(System.getenv("PATH").split(":", -1)).stream()
                        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
        Assumptions.assumeTrue(present, program + " is not installed");
    }
}
