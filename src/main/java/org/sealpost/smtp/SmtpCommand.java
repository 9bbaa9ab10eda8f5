package org.sealpost.smtp;

import java.io.IOException;
import java.util.Locale;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.internal.server.BaseCommand;
import org.subethamail.smtp.server.Session;

/** A command of ours: its exact verb, its state, and one place that writes replies. */
abstract class SmtpCommand extends BaseCommand {

    private final String verb;
    private final int maxErrors;

    SmtpCommand(String verb, int maxErrors) {
        super(verb, "");
        this.verb = verb;
        this.maxErrors = maxErrors;
    }

    @Override
    public final void execute(String line, Session session)
            throws IOException, DropConnectionException {
        InboundState state = ClientSocket.of(session).state();
        int blank = line.indexOf(' ');
        String given = blank < 0 ? line : line.substring(0, blank);
        state.step("C: " + shown(line));
        if (!given.toUpperCase(Locale.ROOT).equals(verb)) {
            // The library looks the first four letters up, so DATAGARBAGE would be DATA.
            reply(session, "500 5.5.2 Error: command not recognized");
            return;
        }
        run(blank < 0 ? "" : line.substring(blank + 1).strip(), session, state);
    }

    abstract void run(String argument, Session session, InboundState state)
            throws IOException, DropConnectionException;

    /** The line as the transcript may show it. */
    String shown(String line) {
        return line;
    }

    /** Sends a reply; too many errors end the session. */
    final void reply(Session session, String text) throws IOException, DropConnectionException {
        InboundState state = ClientSocket.of(session).state();
        state.step("S: " + text);
        if ((text.startsWith("4") || text.startsWith("5")) && state.countError() >= maxErrors) {
            session.sendResponse(text);
            state.endedBecause("too many errors");
            throw new DropConnectionException(421, "4.7.0 Error: too many errors");
        }
        session.sendResponse(text);
    }
}
