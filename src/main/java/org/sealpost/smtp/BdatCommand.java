package org.sealpost.smtp;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * BDAT (RFC 3030): a message in chunks of announced length. The octets of a chunk are read whatever
 * the answer is, since they must never run as commands; where their number cannot be read, the
 * session ends.
 */
final class BdatCommand extends SmtpCommand {

    private final MessageIntake intake;

    BdatCommand(MessageIntake intake) {
        super("BDAT");
        this.intake = intake;
    }

    @Override
    @Nullable String run(String argument, ClientSession client) throws IOException {
        Optional<Chunk> chunk = Chunk.parse(argument);
        if (chunk.isEmpty()) {
            client.end("501 5.5.4 Syntax: BDAT count [LAST]", "unreadable BDAT");
            return null;
        }
        var message = new ChunkReader(client, chunk.get());
        InboundState.Transaction transaction = client.state().transaction();
        String refusal = refusal(client.state());
        if (refusal == null && transaction != null) {
            return intake.take(transaction, message, client);
        }
        try {
            if (message.drain()) {
                return refusal;
            }
            client.end(String.valueOf(refusal), "chunk without end");
        } catch (SocketTimeoutException silence) {
            client.end("421 4.4.2 Error: timeout exceeded", "timeout after BDAT");
        }
        return null;
    }

    private static @Nullable String refusal(InboundState state) {
        if (state.listener().requiresTls() && !state.isEncrypted()) {
            return "530 5.7.0 Must issue a STARTTLS command first";
        }
        InboundState.Transaction transaction = state.transaction();
        if (transaction == null) {
            return "503 5.5.1 Error: need RCPT command";
        }
        if (!state.isExtended()) {
            return "503 5.5.1 Error: send EHLO first";
        }
        return transaction.recipients.isEmpty() ? "554 5.5.1 Error: no valid recipients" : null;
    }

    @Override
    boolean mayRunInClear() {
        return true; // its chunk has to be read there, too
    }
}
