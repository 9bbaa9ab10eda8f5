package org.sealpost.policy;

import java.time.Instant;

/**
 * A rule that asks for less than usual, until a moment.
 *
 * @param nextHop the rule's key
 * @param level what it asks for now
 * @param usualLevel what held before and holds again afterwards
 */
public record Relaxation(
        long id,
        String nextHop,
        String level,
        String usualLevel,
        Instant until,
        String createdBy) {}
