package org.sealpost.mail;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply of an SMTP server (RFC 5321 §4.2).
 *
 * @param code three digits, 200 to 599
 * @param status the enhanced status code (RFC 2034), or null when the server sent none
 * @param lines the text of each line without code and status; at least one, possibly empty
 */
public record SmtpReply(int code, @Nullable EnhancedStatus status, List<String> lines) {

    public SmtpReply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("not a reply code: " + code);
        }
        lines = List.copyOf(lines);
    }

    public static SmtpReply of(int code, String status, String text) {
        return new SmtpReply(code, EnhancedStatus.parse(status).orElseThrow(), List.of(text));
    }

    /**
     * Reads a whole reply, e.g. {@code "250-mx\r\n250 SIZE 100"}.
     *
     * @throws IllegalArgumentException when it does not begin with a reply code
     */
    public static SmtpReply parse(String raw) {
        String[] rawLines = raw.stripTrailing().split("\r?\n");
        if (rawLines[0].length() < 3) {
            throw new IllegalArgumentException("not an SMTP reply: " + rawLines[0]);
        }
        int code = Integer.parseInt(rawLines[0].substring(0, 3));
        EnhancedStatus status = null;
        var lines = Arrays.stream(rawLines).map(SmtpReply::textOf).toList();
        String[] firstWords = lines.getFirst().split(" ", 2);
        var parsed = EnhancedStatus.parse(firstWords[0]);
        if (parsed.isPresent() && parsed.get().category() == code / 100) {
            status = parsed.get();
            String prefix = firstWords[0];
            lines = lines.stream().map(line -> withoutStatus(line, prefix)).toList();
        }
        return new SmtpReply(code, status, lines);
    }

    private static String textOf(String line) {
        return line.length() > 4 ? line.substring(4) : "";
    }

    private static String withoutStatus(String line, String status) {
        return line.startsWith(status) ? line.substring(status.length()).stripLeading() : line;
    }

    public boolean isPositive() {
        return code < 400;
    }

    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    public boolean isPermanent() {
        return code >= 500;
    }

    /** The reply in one line, as a log or a bounce quotes it: {@code 450 4.7.1 try later}. */
    @Override
    public String toString() {
        return code + (status == null ? "" : " " + status) + " " + String.join(" ", lines);
    }
}
