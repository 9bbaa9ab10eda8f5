package org.sealpost.queue;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueuedMessages.QueuedMessage;

/**
 * The order waiting messages are listed in. Those without a next attempt, which are held or under
 * way, come last whichever way attempts are sorted.
 *
 * @param field one of {@link #FIELDS}
 */
public record QueueOrder(String field, boolean descending) {

    /** What may be sorted by; the first is the usual one. */
    public static final List<String> FIELDS = List.of("receivedAt", "nextAttemptAt");

    public static final QueueOrder OLDEST_FIRST = new QueueOrder("receivedAt", false);

    private static final String NONE = "-";

    /**
     * A message's place in an order; later ids were received later.
     *
     * @param due its next attempt, if that is what is sorted by and there is one
     */
    public record Place(@Nullable Instant due, QueueId id) {}

    boolean byAttempt() {
        return field.equals("nextAttemptAt");
    }

    /** The place of a message as text, which {@link #place} reads. */
    public String keyOf(QueuedMessage message) {
        return byAttempt()
                ? (message.nextAttemptAt() == null ? NONE : message.nextAttemptAt())
                        + " "
                        + message.id()
                : message.id();
    }

    /** Reads a place; empty when the text is none in this order. */
    public Optional<Place> place(String key) {
        if (!byAttempt()) {
            return QueueId.parse(key).map(id -> new Place(null, id));
        }
        String[] parts = key.split(" ", 2);
        try {
            Instant due = parts[0].equals(NONE) ? null : Instant.parse(parts[0]);
            return QueueId.parse(parts.length < 2 ? "" : parts[1]).map(id -> new Place(due, id));
        } catch (DateTimeException notOurs) {
            return Optional.empty();
        }
    }
}
