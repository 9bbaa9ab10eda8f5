package org.sealpost.smtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** DATA (RFC 5321 §4.1.1.4). */
final class DataCommand extends SmtpCommand {

    private final MessageIntake intake;

    DataCommand(MessageIntake intake) {
        super("DATA");
        this.intake = intake;
    }

    @Override
    @Nullable String run(String argument, ClientSession client) throws IOException {
        InboundState.Transaction transaction = client.state().transaction();
        if (transaction == null) {
            return "503 5.5.1 Error: need RCPT command";
        }
        if (!argument.isEmpty()) {
            return "501 5.5.4 Syntax: DATA";
        }
        if (transaction.recipients.isEmpty()) {
            return "554 5.5.1 Error: no valid recipients";
        }
        client.send("354 End data with <CR><LF>.<CR><LF>");
        client.socket().deadline().restart();
        var limits = client.state().listener().limits();
        var message =
                new MessageReader(
                        client.input(), limits.maxMessageBytes(), limits.maxReceivedHeaders());
        return intake.take(transaction, message, client);
    }
}
