package org.sealpost.smtp;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.Settings;

/**
 * Every command a listener knows. They replace all of the library's own, which lose mail and accept
 * commands injected before TLS.
 */
final class Commands {

    private static final Set<String> VERBS =
            Set.of(
                    "EHLO",
                    "HELO",
                    "MAIL",
                    "RCPT",
                    "DATA",
                    "BDAT",
                    "RSET",
                    "NOOP",
                    "QUIT",
                    "VRFY",
                    "EXPN",
                    "HELP",
                    "AUTH",
                    "STARTTLS");

    private final ListenerSettings listener;
    private final Settings settings;
    private final MailQueue queue;
    private final SubmissionAccounts accounts;
    private final ServerTls tls;

    Commands(
            ListenerSettings listener,
            Settings settings,
            MailQueue queue,
            SubmissionAccounts accounts,
            ServerTls tls) {
        this.listener = listener;
        this.settings = settings;
        this.queue = queue;
        this.accounts = accounts;
        this.tls = tls;
    }

    /** Whether a line begins with exactly the verb of one of ours. */
    static boolean knows(String line) {
        int blank = line.indexOf(' ');
        String verb = blank < 0 ? line : line.substring(0, blank);
        return VERBS.contains(verb.toUpperCase(Locale.ROOT));
    }

    List<SmtpCommand> all() {
        return List.of(
                new GreetingCommand("EHLO", true, listener, settings),
                new GreetingCommand("HELO", false, listener, settings),
                new MailCommand(listener, queue),
                new RcptCommand(listener, settings),
                new DataCommand(listener, settings, queue),
                new StartTlsCommand(listener, tls),
                new AuthCommand(listener, accounts),
                new ResetCommand(listener),
                new QuitCommand(listener),
                FixedReply.to("NOOP", listener, "250 2.0.0 Ok").alsoInClear(),
                FixedReply.to("HELP", listener, "214 2.0.0 See RFC 5321 for the commands")
                        .alsoInClear(),
                FixedReply.to(
                                "VRFY",
                                listener,
                                "252 2.5.2 Cannot verify a user, but will take mail for it")
                        .withArgument("501 5.5.4 Syntax: VRFY address"),
                FixedReply.to("EXPN", listener, "502 5.5.1 Error: command not implemented"),
                FixedReply.to("BDAT", listener, "502 5.5.1 Error: command not implemented"),
                new RefusedLine(listener));
    }
}
