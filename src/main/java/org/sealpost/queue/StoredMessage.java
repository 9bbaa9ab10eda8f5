package org.sealpost.queue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a message besides its body.
 *
 * @param bodyLength octets
 * @param records what became of it, in their order
 */
record StoredMessage(StoredEnvelope envelope, long bodyLength, List<SpoolRecord> records) {

    /** Whether somebody holds the message. */
    boolean held() {
        return records.stream()
                .map(SpoolRecord::held)
                .filter(Objects::nonNull)
                .reduce((earlier, later) -> later)
                .orElse(false);
    }

    /** Whether the sender was told that the message waits. */
    boolean delayTold() {
        return records.stream().anyMatch(record -> Boolean.TRUE.equals(record.delayTold()));
    }

    /**
     * The next hops somebody gave recipients, by their place in the envelope; null where the routes
     * hold again.
     */
    Map<Integer, @Nullable String> routes() {
        var routes = new HashMap<Integer, @Nullable String>();
        for (SpoolRecord record : records) {
            SpoolRecord.Rerouted rerouted = record.rerouted();
            if (rerouted != null) {
                String nextHop = rerouted.nextHop();
                rerouted.positions().forEach(position -> routes.put(position, nextHop));
            }
        }
        return routes;
    }

    /** The recipients that need no further attempt. */
    List<SpoolRecord.Settled> settled() {
        return records.stream().flatMap(record -> record.settled().stream()).toList();
    }
}
