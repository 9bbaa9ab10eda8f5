package org.sealpost.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;

/**
 * All there is to say of an event.
 *
 * @param facts what is known of it, by its name
 * @param verdict what the judge said of an outbound session; null for other events
 * @param steps the dialogue
 */
public record EventStory(
        EventLine line,
        When at,
        Map<String, String> facts,
        List<String> queueIds,
        @Nullable String nextHop,
        @Nullable VerdictView verdict,
        List<Step> steps) {

    /**
     * One line of the dialogue.
     *
     * @param side {@code client}, {@code server} or {@code note}
     */
    public record Step(long afterMillis, String side, String text) {}

    static EventStory of(ConnectionEvent event, Instant now) {
        var details = event.details();
        return new EventStory(
                EventLine.of(event),
                When.of(event.at(), now),
                facts(event),
                event.queueId() == null ? details.queueIds() : List.of(event.queueId()),
                event.nextHop(),
                event.verdict() == null ? null : VerdictView.of(event.verdict(), now),
                details.steps().stream().map(EventStory::step).toList());
    }

    private static Map<String, String> facts(ConnectionEvent event) {
        var details = event.details();
        var facts = new LinkedHashMap<String, String>();
        put(facts, "Listener", event.listener());
        put(facts, "Peer", event.peer());
        put(facts, "Host", event.host());
        put(facts, "Next hop", event.nextHop());
        put(facts, "TLS", details.tls());
        put(facts, "User", details.user());
        if (details.sender() != null) {
            put(facts, "Sender", details.sender().isEmpty() ? "<>" : details.sender());
        }
        if (!details.recipients().isEmpty()) {
            put(facts, "Recipients", String.join(", ", details.recipients()));
        }
        put(facts, "Size", details.size() == null ? null : Octets.words(details.size()));
        put(facts, "Received", details.bytesIn() == null ? null : Octets.words(details.bytesIn()));
        put(facts, "Sent", details.bytesOut() == null ? null : Octets.words(details.bytesOut()));
        put(facts, "Took", details.millis() == null ? null : details.millis() + " ms");
        put(facts, "Ended by", details.reason());
        return facts;
    }

    private static void put(Map<String, String> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    static Step step(ConnectionEvent.Step step) {
        String line = step.line();
        String side =
                line.startsWith("C: ") ? "client" : line.startsWith("S: ") ? "server" : "note";
        return new Step(step.afterMillis(), side, side.equals("note") ? line : line.substring(3));
    }
}
