package org.sealpost.smtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.internal.server.BaseCommand;
import org.subethamail.smtp.server.Session;

/**
 * A command of ours. It returns its reply as a value; this class sends it, counts errors, and makes
 * sure that no exception reaches the library, which would log it with a stack trace and go on.
 */
abstract class SmtpCommand extends BaseCommand {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpCommand.class);

    SmtpCommand(String verb) {
        super(verb, "");
    }

    @Override
    public final void execute(String line, Session session) throws IOException {
        var client = new ClientSession(session);
        InboundState state = client.state();
        try {
            state.step("C: " + shown(line, client));
            InboundState.Transaction begun = state.transaction();
            String reply =
                    mayRunInClear() || state.isEncrypted() || !state.listener().requiresTls()
                            ? runSafely(argument(line), client)
                            : "530 5.7.0 Must issue a STARTTLS command first";
            if (reply != null) {
                RejectLine.of(getName(), line, reply, begun, state)
                        .ifPresent(told -> state.tell(0, told));
            }
            if (reply != null && client.answer(reply) && isIdle()) {
                client.countIdle();
            }
        } catch (IOException gone) {
            client.abandon("lost connection after " + getName());
        }
    }

    private @Nullable String runSafely(String argument, ClientSession client) throws IOException {
        try {
            return run(argument, client);
        } catch (RuntimeException e) {
            LOG.error("the command {} failed", getName(), e);
            client.state().reset();
            return "451 4.3.0 Error: internal error, try again later";
        }
    }

    private static String argument(String line) {
        int blank = line.indexOf(' ');
        return blank < 0 ? "" : line.substring(blank + 1).strip();
    }

    /** Does the command's work and returns the reply; null when it has been sent already. */
    abstract @Nullable String run(String argument, ClientSession client) throws IOException;

    /** Whether a session of nothing but this does nothing. */
    boolean isIdle() {
        return false;
    }

    /** Whether a listener that requires TLS takes this command before it, too. */
    boolean mayRunInClear() {
        return false;
    }

    /** The line as the transcript may show it, a mistyped AUTH without its password, too. */
    String shown(String line, ClientSession client) {
        return Commands.shown(line);
    }
}
