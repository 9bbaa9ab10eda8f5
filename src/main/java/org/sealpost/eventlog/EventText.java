package org.sealpost.eventlog;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words of others, fit for the log. */
final class EventText {

    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cs}]");
    private static final int MOST_LINE = 4_000;

    private EventText() {}

    static String line(String text) {
        return cut(text, MOST_LINE);
    }

    /** Control characters could forge lines of a log, and PostgreSQL refuses NUL. */
    static String cut(String text, int most) {
        String plain = UNFIT.matcher(text).replaceAll("?");
        return plain.length() > most ? plain.substring(0, most) : plain;
    }

    static @Nullable String cutOrNull(@Nullable String text, int most) {
        return text == null ? null : cut(text, most);
    }
}
