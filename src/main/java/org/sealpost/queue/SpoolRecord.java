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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SpoolRecord(Instant at, List<Settled> settled, @Nullable Boolean held) {

    SpoolRecord(Instant at, List<Settled> settled) {
        this(at, settled, null);
    }

    static SpoolRecord ofHold(Instant at, boolean held) {
        return new SpoolRecord(at, List.of(), held);
    }

    /**
     * A recipient that needs no further attempt.
     *
     * @param position its place in the envelope
     * @param state {@code delivered} or {@code bounced}
     */
    record Settled(int position, String state, String reply) {}
}
