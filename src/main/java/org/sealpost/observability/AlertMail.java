package org.sealpost.observability;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.MailQueue;
import org.sealpost.queue.QueueFull;
import org.sealpost.settings.AlertSettings;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Mails alerts through the queue: each subject at most once a day, all that is new of one kind in
 * one mail. The mail has no sender, so it never bounces.
 */
@Component
class AlertMail {

    private static final Logger LOG = LoggerFactory.getLogger(AlertMail.class);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration FORGET = Duration.ofDays(800);
    private static final int MOST_SUBJECT = 600;
    private static final int MOST_LINES = 200;

    private static final Map<String, String> TITLES =
            Map.of(
                    AlertSettings.CERTIFICATE_EXPIRING, "certificates expire",
                    AlertSettings.LISTENER_DOWN, "a listener is down",
                    AlertSettings.DISK_LOW, "little disk space is left",
                    AlertSettings.TLS_DEFERRED, "mail waits because of TLS");

    private final JdbcTemplate jdbc;
    private final MailQueue queue;
    private final Settings settings;
    private final Clock clock;

    AlertMail(JdbcTemplate jdbc, MailQueue queue, Settings settings, Clock clock) {
        this.jdbc = jdbc;
        this.queue = queue;
        this.settings = settings;
        this.clock = clock;
    }

    /** Mails what is wanted and was not told lately. */
    void tell(List<Alert> alerts, Instant now) {
        AlertSettings wanted = settings.get(AlertSettings.SECTION);
        Map<String, List<Alert>> byEvent =
                alerts.stream()
                        .filter(alert -> wanted.events().contains(alert.event()))
                        .filter(alert -> isDue(alert, now))
                        .collect(
                                Collectors.groupingBy(
                                        Alert::event, LinkedHashMap::new, Collectors.toList()));
        byEvent.forEach((event, due) -> {
            // In no transaction: the queue's own must be over when delivery is woken. A crash right
            // after it tells a subject twice, which is better than never.
            if (queue(event, due)) {
                due.forEach(alert -> remember(alert, now));
            }
        });
        jdbc.update("delete from alert where told_at < ?", Timestamp.from(now.minus(FORGET)));
    }

    private boolean isDue(Alert alert, Instant now) {
        return jdbc
                .queryForList(
                        "select told_at from alert where subject = ?",
                        Timestamp.class,
                        subject(alert))
                .stream()
                .allMatch(told ->
                        !alert.once()
                                && !Objects.requireNonNull(told)
                                        .toInstant()
                                        .isAfter(now.minus(DAY)));
    }

    private void remember(Alert alert, Instant now) {
        jdbc.update("delete from alert where subject = ?", subject(alert));
        jdbc.update(
                "insert into alert (subject, told_at) values (?, ?)",
                subject(alert),
                Timestamp.from(now));
    }

    private static String subject(Alert alert) {
        return alert.subject().substring(0, Math.min(MOST_SUBJECT, alert.subject().length()));
    }

    /** Returns false when it could not be queued and has to be tried again. */
    private boolean queue(String event, List<Alert> due) {
        GeneralSettings general = settings.get(GeneralSettings.SECTION);
        String to =
                Objects.requireNonNullElse(
                        settings.get(AlertSettings.SECTION).to(), general.postmaster());
        MailAddress recipient = MailAddress.parse(to).orElseThrow();
        QueueId id = queue.newId();
        byte[] text = text(event, due, general, to, id).getBytes(StandardCharsets.UTF_8);
        var envelope =
                new Envelope(
                        null,
                        List.of(new Envelope.Recipient(recipient, "NEVER", null)),
                        true,
                        recipient.needsSmtputf8(),
                        null,
                        null,
                        null);
        try {
            queue.accept(id, envelope, new ByteArrayInputStream(text));
            LOG.info("{}: alert to {}: {}", id, to, TITLES.getOrDefault(event, event));
            return true;
        } catch (IOException | QueueFull e) {
            LOG.error("an alert could not be queued and is tried again: {}", event, e);
            return false;
        }
    }

    private String text(
            String event, List<Alert> due, GeneralSettings general, String to, QueueId id) {
        String date = DATE.format(clock.instant());
        var lines = new StringBuilder();
        line(lines, "From: Sealpost <" + general.bounceSender() + ">");
        line(lines, "To: <" + to + ">");
        line(
                lines,
                "Subject: Sealpost "
                        + general.hostname()
                        + ": "
                        + TITLES.getOrDefault(event, event));
        line(lines, "Date: " + date);
        line(lines, "Message-ID: <" + id + "@" + general.hostname() + ">");
        line(lines, "Auto-Submitted: auto-generated");
        line(lines, "MIME-Version: 1.0");
        line(lines, "Content-Type: text/plain; charset=utf-8");
        line(lines, "Content-Transfer-Encoding: 8bit");
        line(lines, "");
        line(lines, "The mail relay " + general.hostname() + " needs you:");
        due.stream()
                .limit(MOST_LINES)
                .forEach(alert -> {
                    line(lines, "");
                    wrap(lines, alert.text());
                });
        if (due.size() > MOST_LINES) {
            line(lines, "");
            line(lines, "and " + (due.size() - MOST_LINES) + " more.");
        }
        line(lines, "");
        line(lines, "Who gets these mails, and about what, is set under settings, alerts.");
        return lines.toString();
    }

    /** Lines of mail have at most 998 octets (RFC 5322 §2.1.1). */
    private static void wrap(StringBuilder lines, String text) {
        var line = new StringBuilder();
        for (String word : text.split("\\s+")) {
            for (String part : word.split("(?<=\\G.{200})")) {
                if (line.length() + part.length() > 76 && !line.isEmpty()) {
                    line(lines, line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(part);
            }
        }
        line(lines, line.toString());
    }

    private static void line(StringBuilder lines, String line) {
        lines.append(line).append("\r\n");
    }
}
