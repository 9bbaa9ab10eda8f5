package org.sealpost.delivery;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/** Tells senders what could not be delivered (RFC 3461, RFC 3464), never about a bounce. */
final class Bounces {

    private static final Logger LOG = LoggerFactory.getLogger(Bounces.class);
    private static final Pattern STATUS = Pattern.compile("\\b([245]\\.\\d{1,3}\\.\\d{1,3})\\b");
    private static final int MOST_HEADER_OCTETS = 32 * 1024;

    private final MailQueue queue;
    private final Settings settings;
    private final Clock clock;

    Bounces(MailQueue queue, Settings settings, Clock clock) {
        this.queue = queue;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Queues a bounce for these recipients.
     *
     * @return false when it could not be stored now; the message must wait then, or its sender
     *     would never learn of it
     */
    boolean send(ClaimedMessage message, List<RecipientResult> failed) {
        MailAddress sender = message.envelope().sender();
        List<RecipientResult> told =
                failed.stream().filter(result -> wantsToKnow(message, result)).toList();
        if (sender == null || told.isEmpty()) {
            LOG.info("{}: no bounce: {}", message.id(), sender == null ? "null sender" : "NOTIFY");
            return true;
        }
        QueueId id = queue.newId();
        try {
            byte[] text = text(message, sender, told, id).getBytes(StandardCharsets.UTF_8);
            queue.accept(
                    id,
                    new Envelope(
                            null,
                            List.of(new Envelope.Recipient(sender, "NEVER", null)),
                            true,
                            sender.needsSmtputf8(),
                            null,
                            null,
                            null),
                    new ByteArrayInputStream(text));
            LOG.info("{}: sender non-delivery notification: {}", message.id(), id);
            return true;
        } catch (IOException | QueueFull e) {
            LOG.error("{}: the bounce could not be stored; the message waits", message.id(), e);
            return false;
        }
    }

    /** The enhanced status of a result: the reply's own, or the class alone. */
    static String statusOf(RecipientResult result) {
        String category =
                switch (result.outcome()) {
                    case DELIVERED -> "2";
                    case DEFERRED -> "4";
                    case BOUNCED -> "5";
                };
        Matcher matcher = STATUS.matcher(result.reply());
        return matcher.find() ? matcher.group(1) : category + ".0.0";
    }

    private static boolean wantsToKnow(ClaimedMessage message, RecipientResult result) {
        return message.envelope().recipients().stream()
                .filter(recipient -> recipient.address().equals(result.recipient()))
                .map(Envelope.Recipient::dsnNotify)
                .allMatch(
                        wish -> wish == null || wish.toUpperCase(Locale.ROOT).contains("FAILURE"));
    }

    private String text(
            ClaimedMessage message, MailAddress sender, List<RecipientResult> failed, QueueId id)
            throws IOException {
        GeneralSettings general = settings.get(GeneralSettings.SECTION);
        String boundary = "=_" + id + "/" + general.hostname();
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        clock.instant().atOffset(ZoneOffset.UTC));
        var text = new StringBuilder();
        line(text, "From: <" + general.bounceSender() + ">");
        line(text, "To: <" + sender + ">");
        line(text, "Subject: Undelivered Mail Returned to Sender");
        line(text, "Date: " + date);
        line(text, "Message-ID: <" + id + "@" + general.hostname() + ">");
        line(text, "Auto-Submitted: auto-replied");
        line(text, "MIME-Version: 1.0");
        line(text, "Content-Type: multipart/report; report-type=delivery-status;");
        line(text, "\tboundary=\"" + boundary + "\"");
        line(text, "");
        part(text, boundary, "text/plain; charset=utf-8");
        line(text, "This is the mail relay " + general.hostname() + ".");
        line(text, "");
        line(text, "Your message could not be delivered to:");
        for (RecipientResult result : failed) {
            line(text, "");
            line(text, "<" + result.recipient() + ">: " + oneLine(result.reply()));
            if (result.verdict() != null && result.verdict().code() != null) {
                line(text, "    " + oneLine(result.verdict().explanation()));
                line(text, "    " + oneLine(result.verdict().remedy()));
            }
        }
        line(text, "");
        line(text, "For help write to " + general.postmaster() + ".");
        part(text, boundary, "message/delivery-status");
        line(text, "Reporting-MTA: dns; " + general.hostname());
        if (message.envelope().envid() != null) {
            line(text, "Original-Envelope-Id: " + message.envelope().envid());
        }
        for (RecipientResult result : failed) {
            line(text, "");
            line(text, "Final-Recipient: rfc822; " + result.recipient());
            line(text, "Action: failed");
            line(text, "Status: " + statusOf(result).replaceFirst("^[24]", "5"));
            if (result.host() != null) {
                line(text, "Remote-MTA: dns; " + result.host());
            }
            line(text, "Diagnostic-Code: smtp; " + oneLine(result.reply()));
        }
        part(text, boundary, "text/rfc822-headers");
        text.append(headers(message.id()));
        line(text, "");
        line(text, "--" + boundary + "--");
        return text.toString();
    }

    private String headers(QueueId id) throws IOException {
        var headers = new StringBuilder();
        try (var reader =
                new BufferedReader(
                        new InputStreamReader(queue.body(id), StandardCharsets.ISO_8859_1))) {
            for (String line = reader.readLine();
                    line != null && !line.isEmpty() && headers.length() < MOST_HEADER_OCTETS;
                    line = reader.readLine()) {
                line(headers, line);
            }
        }
        return headers.toString();
    }

    private static void part(StringBuilder text, String boundary, String type) {
        line(text, "");
        line(text, "--" + boundary);
        line(text, "Content-Type: " + type);
        line(text, "");
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append("\r\n");
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\r\\n]+", " ");
    }
}
