package org.sealpost.smtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Answers a line that is no command of ours; {@link ClientInput} has put this one in its place. */
final class RefusedLine extends SmtpCommand {

    RefusedLine() {
        super(ClientInput.REFUSED);
    }

    @Override
    @Nullable String run(String argument, ClientSession client) throws IOException {
        ClientLine.Unusable line = client.input().unusable();
        if (!line.last()) {
            return line.reply().toString();
        }
        client.end(line.reply().toString(), line.shown().replaceAll("[\\[\\]]", ""));
        return null;
    }

    @Override
    boolean mayRunInClear() {
        return true;
    }

    @Override
    String shown(String line, ClientSession client) {
        return client.input().unusable().shown();
    }
}
