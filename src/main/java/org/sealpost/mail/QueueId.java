package org.sealpost.mail;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The id of a queued message, as {@code 250 2.0.0 Ok: queued as ID} tells it to the client.
 *
 * @param text 14 to 20 upper-case letters and digits; later ids sort after earlier ones
 */
public record QueueId(String text) implements Comparable<QueueId> {

    private static final Pattern FORM = Pattern.compile("[0-9A-Z]{14,20}");

    public QueueId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not a queue id: " + text);
        }
    }

    /** Reads an id that came from outside; empty when it cannot be one. */
    public static Optional<QueueId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new QueueId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(QueueId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
