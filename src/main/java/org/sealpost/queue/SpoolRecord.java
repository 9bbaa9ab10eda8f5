package org.sealpost.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is appended to a spool file after it was accepted.
 *
 * @param settled recipients that are settled
 * @param held whether the message is held from now on; null when the record does not change that
 * @param delayTold true when the sender was told that the message waits, else null
 * @param rerouted recipients that go elsewhere from now on; null when the record does not change
 *     that
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SpoolRecord(
        Instant at,
        List<Settled> settled,
        @Nullable Boolean held,
        @Nullable Boolean delayTold,
        @Nullable Rerouted rerouted) {

    SpoolRecord(Instant at, List<Settled> settled) {
        this(at, settled, null, null, null);
    }

    static SpoolRecord ofHold(Instant at, boolean held) {
        return new SpoolRecord(at, List.of(), held, null, null);
    }

    static SpoolRecord ofDelayTold(Instant at) {
        return new SpoolRecord(at, List.of(), null, true, null);
    }

    static SpoolRecord ofRoute(Instant at, Rerouted rerouted) {
        return new SpoolRecord(at, List.of(), null, null, rerouted);
    }

    /**
     * A recipient that needs no further attempt.
     *
     * @param position its place in the envelope
     * @param state {@code delivered} or {@code bounced}
     */
    record Settled(int position, String state, String reply) {}

    /**
     * Recipients somebody gave a next hop of their own.
     *
     * @param positions their places in the envelope
     * @param nextHop null when the routes hold again
     */
    record Rerouted(List<Integer> positions, @Nullable String nextHop) {}
}
