package org.sealpost.eventlog;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which events to show; a null or blank field shows all, letters' case never matters.
 *
 * @param direction exactly {@code inbound}, {@code outbound} or {@code internal}
 * @param listener exactly the listener's name
 * @param peer found in the peer's address and port
 * @param host found in the peer's name or the next hop
 * @param level exactly the TLS level
 * @param result exactly the result
 * @param rule found in the key of the rule that matched
 * @param tls exactly one of {@link ConnectionEvent#TLS_CLASSES}
 * @param q found in text, peer, names, ids, sender or recipients
 * @param since only events at or after it
 * @param until only events before it
 * @param selfTests whether sessions of tests of our own listeners are shown, too
 */
public record EventFilter(
        @Nullable String direction,
        @Nullable String listener,
        @Nullable String peer,
        @Nullable String host,
        @Nullable String level,
        @Nullable String result,
        @Nullable String rule,
        @Nullable String tls,
        @Nullable String q,
        @Nullable Instant since,
        @Nullable Instant until,
        boolean selfTests) {

    public static final EventFilter ALL =
            new EventFilter(null, null, null, null, null, null, null, null, null, null, null, true);

    public EventFilter {
        direction = folded(direction);
        listener = folded(listener);
        peer = folded(peer);
        host = folded(host);
        level = folded(level);
        result = folded(result);
        rule = folded(rule);
        tls = folded(tls);
        q = folded(q);
    }

    /** Only events that contain the text. */
    public static EventFilter text(@Nullable String q) {
        return new EventFilter(null, null, null, null, null, null, null, null, q, null, null, true);
    }

    boolean shows(LogEntry entry) {
        ConnectionEvent event = entry.event();
        return is(direction, event.direction())
                && is(listener, event.listener())
                && is(level, event.level())
                && is(result, event.result())
                && is(tls, event.tls())
                && contains(rule, event.rule())
                && contains(peer, event.peer())
                && (contains(host, event.host()) || contains(host, event.nextHop()))
                && contains(q, entry.words())
                && (since == null || !event.at().isBefore(since))
                && (until == null || event.at().isBefore(until))
                && (selfTests || !event.type().equals(ConnectionEvent.SELF_TEST));
    }

    private static boolean is(@Nullable String wanted, @Nullable String value) {
        return wanted == null || wanted.equals(folded(value));
    }

    private static boolean contains(@Nullable String wanted, @Nullable String value) {
        return wanted == null || (value != null && fold(value).contains(wanted));
    }

    private static @Nullable String folded(@Nullable String value) {
        return value == null || value.isBlank() ? null : fold(value.strip());
    }

    private static String fold(String value) {
        return value.toLowerCase(Locale.ROOT);
    }
}
