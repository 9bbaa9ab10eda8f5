package org.sealpost.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.AttemptResult.Outcome;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.ClaimedMessage;
import org.sealpost.queue.Envelope.Recipient;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.Settings;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Returns queued messages to their senders because somebody wants it so. */
@Component
class Returns {

    private static final String WHY = "5.0.0 Returned to the sender by an administrator";

    private final MailQueue queue;
    private final Notices notices;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transactions;

    Returns(
            MailQueue queue,
            Settings settings,
            ApplicationEventPublisher events,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.queue = queue;
        this.notices = new Notices(queue, settings, clock);
        this.events = events;
        this.transactions = new TransactionTemplate(transactions);
    }

    /** The sender is told before the message goes: a crash in between tells twice. */
    void toSender(QueueId id) {
        ClaimedMessage message = queue.claim(id);
        boolean gone = false;
        try {
            MailAddress sender = message.envelope().sender();
            if (sender == null) {
                throw new Conflict(
                        "The message " + id + " has no sender to return it to.",
                        "Delete it, or let it wait.");
            }
            List<RecipientResult> returned =
                    message.envelope().recipients().stream().map(Returns::returned).toList();
            if (!notices.send(Notice.Kind.FAILED, message, returned)) {
                throw new Conflict(
                        "The notice to the sender could not be stored now.",
                        "Look whether the disk is full, and try again.");
            }
            transactions.executeWithoutResult(status ->
                    events.publishEvent(
                            ConfigurationChanged.removed(
                                    "message",
                                    id,
                                    Map.of(
                                            "sender",
                                            sender.toString(),
                                            "recipients",
                                            returned.stream()
                                                    .map(one -> one.recipient().toString())
                                                    .toList(),
                                            "returned",
                                            true))));
            queue.remove(id);
            gone = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!gone) {
                queue.giveBack(id);
            }
        }
    }

    private static RecipientResult returned(Recipient recipient) {
        return new RecipientResult(recipient.address(), Outcome.BOUNCED, WHY, null, null, null);
    }
}
