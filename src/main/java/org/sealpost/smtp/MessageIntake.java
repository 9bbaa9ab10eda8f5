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

/** Streams a message to disk and only then lets the client be told 250. */
final class MessageIntake {

    private static final Logger LOG = LoggerFactory.getLogger(MessageIntake.class);

    private final Settings settings;
    private final MailQueue queue;

    MessageIntake(Settings settings, MailQueue queue) {
        this.settings = settings;
        this.queue = queue;
    }

    /**
     * Takes a message and ends the transaction.
     *
     * @return the reply; null when it has been sent or the client has gone on to something else
     */
    @Nullable String take(
            InboundState.Transaction transaction, IncomingMessage message, ClientSession client)
            throws IOException {
        try {
            String reply = store(transaction, message, client.state());
            boolean drained = message.drain(); // whatever went wrong, the rest is no command
            client.state().reset();
            if (drained) {
                return reply;
            }
            client.end(reply, "message without end");
            return null;
        } catch (SocketTimeoutException silence) {
            client.end("421 4.4.2 Error: timeout exceeded", "timeout after DATA");
            return null;
        } catch (ChunkReader.GivenUp other) {
            client.state().reset();
            return null;
        }
    }

    private String store(
            InboundState.Transaction transaction, IncomingMessage message, InboundState state)
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
        } catch (IncomingMessage.Refused refused) {
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
