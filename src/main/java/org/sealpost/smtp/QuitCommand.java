package org.sealpost.smtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** QUIT (RFC 5321 §4.1.1.10). */
final class QuitCommand extends SmtpCommand {

    QuitCommand() {
        super("QUIT");
    }

    @Override
    @Nullable String run(String argument, ClientSession client) throws IOException {
        if (!argument.isEmpty()) {
            return "501 5.5.4 Syntax: QUIT";
        }
        client.end("221 2.0.0 Bye", "quit");
        return null;
    }

    @Override
    boolean mayRunInClear() {
        return true;
    }
}
