package org.sealpost.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Ties each line of the audit files to all lines before it: a line ends with the SHA-256 of the
 * link before it and of its own text. Whoever changes, removes or adds a line would have to write
 * all later ones anew, and ends at another last link than the one that somebody noted.
 */
final class AuditChain {

    /** Before the first line of all. */
    static final String START = "0".repeat(64);

    private static final String FIELD = ",\"chain\":\"";
    private static final String END = "\"}";

    private AuditChain() {}

    /**
     * A line and its link.
     *
     * @param text the entry as a JSON object, without the link
     * @param link 64 hexadecimal digits; null where the line has none
     */
    record Line(String text, @Nullable String link) {

        static Line parse(String line) {
            int text = line.length() - START.length() - FIELD.length() - END.length();
            if (text > 0 && line.startsWith(FIELD, text) && line.endsWith(END)) {
                int link = text + FIELD.length();
                return new Line(
                        line.substring(0, text) + "}", line.substring(link, link + START.length()));
            }
            return new Line(line, null);
        }

        /** Whether the line follows the one with that link. */
        boolean follows(String before) {
            return next(before, text).equals(link);
        }
    }

    /** The link of a text that follows a line with the link {@code before}. */
    static String next(String before, String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(before.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The line that is written: the text with its link as the last field. */
    static String line(String text, String link) {
        return text.substring(0, text.length() - 1) + FIELD + link + END;
    }
}
