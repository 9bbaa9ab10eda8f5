package org.sealpost.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.ClaimedMessage;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.MailQueue;
import org.sealpost.queue.QueueFull;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells senders what became of their mail, as they wish (RFC 3461), never about a notice. */
final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger("org.sealpost.log.bounce");

    private final MailQueue queue;
    private final Settings settings;
    private final Clock clock;

    Notices(MailQueue queue, Settings settings, Clock clock) {
        this.queue = queue;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Queues a notice about these recipients, unless the sender does not want it.
     *
     * @return false when it could not be stored now; after a failure the message must wait then, or
     *     its sender would never learn of it
     */
    boolean send(Notice.Kind kind, ClaimedMessage message, List<RecipientResult> results) {
        MailAddress sender = message.envelope().sender();
        List<RecipientResult> told =
                results.stream().filter(result -> isWanted(kind, message, result)).toList();
        if (sender == null || told.isEmpty()) {
            if (kind == Notice.Kind.FAILED) {
                LOG.info(
                        "{}: no bounce: {}",
                        message.id(),
                        sender == null ? "null sender" : "NOTIFY");
            }
            return true;
        }
        var notice = new Notice(queue.newId(), kind, message, told, clock.instant());
        try {
            store(notice, sender);
            LOG.info("{}: sender notification ({}): {}", message.id(), kind.action(), notice.id());
            return true;
        } catch (IOException | QueueFull | RuntimeException e) {
            // Whatever it was, it must not undo what the recipients' servers have answered.
            LOG.error("{}: a notice ({}) could not be stored", message.id(), kind.action(), e);
            return false;
        }
    }

    private void store(Notice notice, MailAddress sender) throws IOException, QueueFull {
        QueueId original = notice.message().id();
        var returned = ReturnedPart.of(notice, () -> queue.body(original));
        var text = new NoticeText(settings.get(GeneralSettings.SECTION), notice, sender, returned);
        var envelope =
                new Envelope(
                        null,
                        List.of(new Envelope.Recipient(sender, "NEVER", null)),
                        text.isEightBit(),
                        text.needsSmtputf8(),
                        null,
                        null,
                        null);
        try (InputStream middle = returned.open(() -> queue.body(original))) {
            var whole =
                    List.of(
                            new ByteArrayInputStream(text.head().getBytes(StandardCharsets.UTF_8)),
                            middle,
                            new ByteArrayInputStream(text.tail().getBytes(StandardCharsets.UTF_8)));
            queue.accept(
                    notice.id(), envelope, new SequenceInputStream(Collections.enumeration(whole)));
        }
    }

    private static boolean isWanted(
            Notice.Kind kind, ClaimedMessage message, RecipientResult result) {
        return Notice.recipient(message, result)
                .map(recipient -> kind.isWanted(recipient.dsnNotify()))
                .orElse(false);
    }
}
