package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.tls.VerdictDocument;

/**
 * A notice as a message: a text for people, a part for programs (RFC 3464; RFC 6533 where addresses
 * are not ASCII) and what is given back of the original, which goes between head and tail.
 */
final class NoticeText {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final int MOST_REPLY = 2_000;
    private static final int LINE = 76;

    private final GeneralSettings general;
    private final Notice notice;
    private final MailAddress sender;
    private final ReturnedPart returned;
    private final String boundary;

    NoticeText(GeneralSettings general, Notice notice, MailAddress sender, ReturnedPart returned) {
        this.general = general;
        this.notice = notice;
        this.sender = sender;
        this.returned = returned;
        this.boundary = "=_" + notice.id() + "/" + general.hostname();
    }

    /** Whether it has octets beyond ASCII anywhere. */
    boolean isEightBit() {
        return returned.eightBit() || needsSmtputf8() || !isAscii(status());
    }

    /** Whether its own header has addresses beyond ASCII. */
    boolean needsSmtputf8() {
        return !isAscii(sender + general.bounceSender());
    }

    /** All that stands before the returned part. */
    String head() {
        var text = new StringBuilder();
        line(text, "From: Mail Delivery System <" + general.bounceSender() + ">");
        line(text, "To: <" + sender + ">");
        line(text, "Subject: " + notice.kind().subject);
        line(text, "Date: " + DATE.format(notice.at()));
        line(text, "Message-ID: <" + notice.id() + "@" + general.hostname() + ">");
        line(text, "Auto-Submitted: auto-replied");
        line(text, "MIME-Version: 1.0");
        line(text, "Content-Type: multipart/report; report-type=delivery-status;");
        line(text, "\tboundary=\"" + boundary + "\"");
        line(text, "Content-Transfer-Encoding: " + encoding(isEightBit()));
        line(text, "");
        line(text, "This is a report in several parts (MIME).");
        String words = words();
        part(text, "text/plain; charset=utf-8", isAscii(words) ? "7bit" : "quoted-printable");
        text.append(isAscii(words) ? words : quotedPrintable(words));
        String status = status();
        part(
                text,
                isAscii(status) ? "message/delivery-status" : "message/global-delivery-status",
                encoding(!isAscii(status)));
        text.append(status);
        part(text, returned.contentType(), encoding(returned.eightBit()));
        return text.toString();
    }

    /** All that stands behind it. */
    String tail() {
        return "\r\n--" + boundary + "--\r\n";
    }

    private String words() {
        var text = new StringBuilder();
        line(text, "This is the mail relay " + general.hostname() + ".");
        line(text, "");
        wrap(text, "", opening());
        for (RecipientResult result : notice.about()) {
            line(text, "");
            line(text, "<" + result.recipient() + ">:");
            wrap(text, "    ", printable(result.reply()));
            if (result.host() != null) {
                wrap(text, "    ", "Server: " + result.host());
            }
            if (result.verdict() != null && result.verdict().code() != null) {
                tls(text, result.verdict());
            }
        }
        line(text, "");
        line(text, "For help write to " + general.postmaster() + ".");
        return text.toString();
    }

    private String opening() {
        return switch (notice.kind()) {
            case FAILED ->
                    notice.isExpired()
                            ? "Your message could not be delivered for "
                                    + span(notice.message().receivedAt(), notice.at())
                                    + " and will not be tried again for:"
                            : "Your message could not be delivered to:";
            case DELAYED ->
                    "Your message has waited for "
                            + span(notice.message().receivedAt(), notice.at())
                            + ". You need not send it again: it will be tried until "
                            + DATE.format(notice.message().expiresAt())
                            + ". It could not be delivered yet to:";
            case RELAYED ->
                    "Your message was handed to the next mail server, which will not confirm that it"
                            + " arrived, for:";
        };
    }

    private static String span(Instant from, Instant to) {
        Duration age = Duration.between(from, to);
        if (age.toHours() >= 48) {
            return age.toDays() + " days";
        }
        return age.toHours() >= 2 ? age.toHours() + " hours" : age.toMinutes() + " minutes";
    }

    /** What was required and what was seen: who asked for protected mail wants to know. */
    private static void tls(StringBuilder text, VerdictDocument verdict) {
        wrap(text, "    ", "Required: TLS of level " + verdict.level().word());
        verdict.checks().stream()
                .filter(check -> check.result().equals("fail"))
                .forEach(check ->
                        wrap(
                                text,
                                "    ",
                                "Required for "
                                        + check.name()
                                        + ": "
                                        + printable(check.expected())
                                        + "; seen: "
                                        + printable(check.seen())));
        wrap(text, "    ", printable(verdict.explanation()));
        wrap(text, "    ", printable(verdict.remedy()));
    }

    private String status() {
        var text = new StringBuilder();
        String envid = notice.message().envelope().envid();
        if (envid != null) {
            line(text, "Original-Envelope-Id: " + Xtext.decode(envid));
        }
        line(text, "Reporting-MTA: dns; " + general.hostname());
        line(text, "Arrival-Date: " + DATE.format(notice.message().receivedAt()));
        for (RecipientResult result : notice.about()) {
            line(text, "");
            notice.recipient(result)
                    .map(recipient -> recipient.orcpt())
                    .ifPresent(orcpt -> line(text, "Original-Recipient: " + original(orcpt)));
            line(
                    text,
                    "Final-Recipient: "
                            + (result.recipient().needsSmtputf8() ? "utf-8" : "rfc822")
                            + "; "
                            + result.recipient());
            line(text, "Action: " + notice.kind().action());
            line(text, "Status: " + notice.status(result));
            if (result.host() != null) {
                line(text, "Remote-MTA: dns; " + name(result.host()));
            }
            String reply = ascii(printable(result.reply()));
            boolean theirs = reply.matches("\\d{3}[ -].*") && result.host() != null;
            fold(text, "Diagnostic-Code: " + (theirs ? "smtp; " : "x-sealpost; ") + reply);
            line(text, "Last-Attempt-Date: " + DATE.format(notice.at()));
            if (notice.kind() == Notice.Kind.DELAYED) {
                line(text, "Will-Retry-Until: " + DATE.format(notice.message().expiresAt()));
            }
        }
        return text.toString();
    }

    private static String original(String orcpt) {
        int type = orcpt.indexOf(';');
        return ascii(orcpt.substring(0, type) + "; " + Xtext.decode(orcpt.substring(type + 1)));
    }

    /** {@code mx.example.com[192.0.2.1]:25} without address and port. */
    private static String name(String host) {
        int address = host.lastIndexOf('[');
        return address > 0 ? host.substring(0, address) : host;
    }

    private void part(StringBuilder text, String type, String encoding) {
        line(text, "");
        line(text, "--" + boundary);
        line(text, "Content-Type: " + type);
        line(text, "Content-Transfer-Encoding: " + encoding);
        line(text, "");
    }

    private static String encoding(boolean eightBit) {
        return eightBit ? "8bit" : "7bit";
    }

    private static String quotedPrintable(String text) {
        var encoded = new ByteArrayOutputStream();
        try (OutputStream encoder = MimeUtility.encode(encoded, "quoted-printable")) {
            encoder.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("memory takes every text", e);
        }
        return encoded.toString(StandardCharsets.US_ASCII);
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append("\r\n");
    }

    /** Breaks a sentence into lines for people. */
    private static void wrap(StringBuilder text, String indent, @Nullable String sentence) {
        if (sentence == null || sentence.isBlank()) {
            return;
        }
        var line = new StringBuilder(indent);
        for (String word : sentence.strip().split(" +")) {
            if (line.length() > indent.length()) {
                if (line.length() + 1 + word.length() > LINE) {
                    line(text, line.toString());
                    line.setLength(indent.length());
                } else {
                    line.append(' ');
                }
            }
            line.append(word);
        }
        line(text, line.toString());
    }

    /** Folds a header field at its blanks (RFC 5322 §2.2.3). */
    private static void fold(StringBuilder text, String field) {
        String rest = field;
        while (rest.length() > LINE) {
            int blank = rest.lastIndexOf(' ', LINE);
            if (blank <= 1 || rest.substring(0, blank).isBlank()) {
                blank = rest.indexOf(' ', LINE);
            }
            if (blank < 0) {
                break;
            }
            line(text, rest.substring(0, blank));
            rest = " " + rest.substring(blank).stripLeading();
        }
        line(text, rest);
    }

    /** One line without control characters, of bearable length and with bearable words. */
    private static String printable(String text) {
        String line =
                text.replaceAll("[\\r\\n\\t]+", " ")
                        .replaceAll("\\p{Cntrl}", "?")
                        .replaceAll("(\\S{200})", "$1 ")
                        .strip();
        return line.length() > MOST_REPLY ? line.substring(0, MOST_REPLY) + " .." : line;
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
