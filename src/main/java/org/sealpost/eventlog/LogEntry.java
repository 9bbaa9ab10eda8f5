package org.sealpost.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An event with what the log itself needs.
 *
 * @param words what a search for text looks at, in lower case
 * @param weight roughly the octets it takes in memory
 * @param kept whether it is to be written to the table
 */
record LogEntry(ConnectionEvent event, String words, int weight, boolean kept) {

    static final int MOST_WORDS = 4_000;

    static LogEntry of(ConnectionEvent event, boolean kept) {
        return new LogEntry(event, words(event), weight(event), kept);
    }

    long id() {
        return event.id();
    }

    private static String words(ConnectionEvent event) {
        ConnectionEvent.Details details = event.details();
        var words = new ArrayList<String>();
        words.add(event.text());
        Stream.of(
                        event.queueId(),
                        event.session(),
                        event.peer(),
                        event.host(),
                        event.nextHop(),
                        event.listener(),
                        details.user(),
                        details.messageId(),
                        details.sender())
                .filter(Objects::nonNull)
                .forEach(words::add);
        words.addAll(details.queueIds());
        words.addAll(details.recipients());
        String all =
                words.stream().distinct().collect(Collectors.joining(" ")).toLowerCase(Locale.ROOT);
        return all.length() > MOST_WORDS ? all.substring(0, MOST_WORDS) : all;
    }

    private static int weight(ConnectionEvent event) {
        int weight = 500 + event.text().length();
        for (ConnectionEvent.Step step : event.details().steps()) {
            weight += 60 + step.line().length();
        }
        List<?> chain = event.verdict() == null ? List.of() : event.verdict().chain();
        return weight + 1_000 * chain.size() + 100 * event.details().recipients().size();
    }
}
