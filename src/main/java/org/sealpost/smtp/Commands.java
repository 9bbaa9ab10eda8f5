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

    private final Settings settings;
    private final MailQueue queue;
    private final SubmissionAccounts accounts;

    Commands(Settings settings, MailQueue queue, SubmissionAccounts accounts) {
        this.settings = settings;
        this.queue = queue;
        this.accounts = accounts;
    }

    /** Whether a line begins with exactly the verb of one of ours. */
    static boolean knows(String line) {
        int blank = line.indexOf(' ');
        String verb = blank < 0 ? line : line.substring(0, blank);
        return VERBS.contains(verb.toUpperCase(Locale.ROOT));
    }

    /** A command as a transcript may show it. */
    static String shown(String line) {
        return line.stripLeading().regionMatches(true, 0, "AUTH", 0, 4) ? "AUTH [masked]" : line;
    }

    List<SmtpCommand> all(Handshake handshake, ClientRates messages) {
        var intake = new MessageIntake(settings, queue);
        return List.of(
                new GreetingCommand("EHLO", true, settings),
                new GreetingCommand("HELO", false, settings),
                new MailCommand(queue, messages),
                new RcptCommand(settings),
                new DataCommand(intake),
                new BdatCommand(intake),
                new StartTlsCommand(handshake),
                new AuthCommand(accounts),
                new ResetCommand(),
                new QuitCommand(),
                FixedReply.to("NOOP", "250 2.0.0 Ok").alsoInClear(),
                FixedReply.to("HELP", "214 2.0.0 See RFC 5321 for the commands").alsoInClear(),
                FixedReply.to("VRFY", "252 2.5.2 Cannot verify a user, but will take mail for it")
                        .withArgument("501 5.5.4 Syntax: VRFY address"),
                FixedReply.to("EXPN", "502 5.5.1 Error: command not implemented"),
                new RefusedLine());
    }
}
