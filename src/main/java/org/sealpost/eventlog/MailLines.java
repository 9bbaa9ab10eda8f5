package org.sealpost.eventlog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.delivery.events.DeliveryStep;
import org.sealpost.queue.events.MessageQueued;
import org.sealpost.queue.events.MessageRemoved;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.smtp.events.InboundStep;

/**
 * What happened, as Postfix's programs log it: smtpd takes a message, cleanup names it, qmgr queues
 * it, smtp delivers it, qmgr removes it (semantics 1.9).
 */
final class MailLines {

    private MailLines() {}

    static MailLine of(InboundStep step) {
        return new MailLine(
                smtpd(step.listener()), EventText.line(step.line()), step.session(), null, false);
    }

    static List<MailLine> of(InboundSession session, SessionLine line) {
        var lines = new ArrayList<MailLine>();
        String program = smtpd(session.listener());
        line.lost()
                .ifPresent(lost ->
                        lines.add(
                                new MailLine(
                                        program,
                                        EventText.line(lost),
                                        session.session(),
                                        null,
                                        false)));
        lines.add(
                new MailLine(
                        program,
                        EventText.line(line.disconnect()),
                        session.session(),
                        null,
                        false));
        return lines;
    }

    /**
     * @param client the step that told last of the session it came in; null for mail made here
     */
    static List<MailLine> of(MessageQueued message, @Nullable InboundStep client, String queued) {
        var lines = new ArrayList<MailLine>();
        String id = message.queueId();
        if (client != null) {
            String text =
                    id
                            + ": client="
                            + SessionLine.logged(client.peer())
                            + (client.user() == null ? "" : ", sasl_username=" + client.user());
            lines.add(line(smtpd(client.listener()), text, message.session(), id));
        }
        if (message.messageId() != null) {
            String text = id + ": message-id=<" + message.messageId() + ">";
            lines.add(line("cleanup", text, message.session(), id));
        }
        lines.add(line("qmgr", queued, message.session(), id));
        return lines;
    }

    static MailLine of(DeliveryStep step) {
        String text = step.line().startsWith(step.queueId()) ? "" : step.queueId() + ": ";
        // Postfix logs its TLS lines without the message, and programs look for them so.
        boolean bare = !step.line().startsWith("C: ") && !step.line().startsWith("S: ");
        return line("smtp", (bare ? "" : text) + step.line(), step.session(), step.queueId());
    }

    static List<MailLine> of(DeliveryAttempted attempt) {
        return attempt.lines().stream()
                .map(text ->
                        new MailLine(
                                "smtp",
                                EventText.line(text),
                                attempt.session(),
                                attempt.queueId(),
                                true))
                .toList();
    }

    static MailLine of(MessageRemoved message) {
        return line("qmgr", message.queueId() + ": removed", null, message.queueId());
    }

    private static MailLine line(
            String program, String text, @Nullable String session, String queueId) {
        return new MailLine(program, EventText.line(text), session, queueId, false);
    }

    /** Postfix names the services of other ports so. */
    private static String smtpd(String listener) {
        return listener.equals("smtp") ? "smtpd" : listener + "/smtpd";
    }
}
