package org.sealpost.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.MailQueue;
import org.sealpost.queue.QueueFull;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DATA (RFC 5321 §4.1.1.4): streams the message to disk and only then answers 250. */
final class DataCommand extends SmtpCommand {

    private static final Logger LOG = LoggerFactory.getLogger(DataCommand.class);

    private final Settings settings;
    private final MailQueue queue;

    DataCommand(Settings settings, MailQueue queue) {
        super("DATA");
        this.settings = settings;
        this.queue = queue;
    }

    @Override
    @Nullable String run(String argument, ClientSession client) throws IOException {
        InboundState state = client.state();
        InboundState.Transaction transaction = state.transaction();
        if (transaction == null) {
            return "503 5.5.1 Error: need RCPT command";
        }
        if (!argument.isEmpty()) {
            return "501 5.5.4 Syntax: DATA";
        }
        if (transaction.recipients.isEmpty()) {
            return "554 5.5.1 Error: no valid recipients";
        }
        client.socket().deadline().restart();
        client.send("354 End data with <CR><LF>.<CR><LF>");
        var message =
                new MessageReader(
                        client.input(),
                        state.listener().limits().maxMessageBytes(),
                        state.listener().limits().maxReceivedHeaders());
        try {
            String reply = store(transaction, message, state);
            message.drain(); // whatever went wrong, the rest is not a command
            state.reset();
            return reply;
        } catch (SocketTimeoutException silence) {
            client.end("421 4.4.2 Error: timeout exceeded", "timeout after DATA");
            return null;
        }
    }

    private String store(
            InboundState.Transaction transaction, MessageReader message, InboundState state)
            throws IOException {
        QueueId id = queue.newId();
        String hostname = settings.get(GeneralSettings.SECTION).hostname();
        byte[] received =
                ReceivedHeader.of(state, hostname, id, transaction.smtputf8)
                        .getBytes(StandardCharsets.UTF_8);
        try {
            queue.accept(
                    id,
                    new Envelope(
                            transaction.sender,
                            transaction.recipients,
                            transaction.eightBit,
                            transaction.smtputf8,
                            transaction.ret,
                            transaction.envid,
                            state.id),
                    new SequenceInputStream(new ByteArrayInputStream(received), message));
            state.queued(id.text());
            return "250 2.0.0 Ok: queued as " + id;
        } catch (MessageReader.Refused refused) {
            return refused.reply().toString();
        } catch (QueueFull full) {
            LOG.warn("a message was refused: {}", full.getMessage());
            return "452 4.3.1 Insufficient system storage";
        } catch (IOException | RuntimeException e) {
            IOException gone = message.broken();
            if (gone != null) {
                throw gone; // the client's trouble, not the disk's
            }
            LOG.error("a message could not be stored", e);
            return "451 4.3.0 Error: queue file write error";
        }
    }
}
