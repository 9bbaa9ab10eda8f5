package org.sealpost.queue;

import java.time.Instant;
import java.util.List;

/** What is appended to a spool file after it was accepted: recipients that are settled. */
record SpoolRecord(Instant at, List<Settled> settled) {

    /**
     * A recipient that needs no further attempt.
     *
     * @param position its place in the envelope
     * @param state {@code delivered} or {@code bounced}
     */
    record Settled(int position, String state, String reply) {}
}
