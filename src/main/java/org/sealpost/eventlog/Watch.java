package org.sealpost.eventlog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A peer whose sessions are told in another detail than those of others, for a while.
 *
 * @param direction {@code inbound} or {@code outbound}
 * @param peer an address or a network; outbound also a next hop, or a name with all below it
 * @param level 0 to 4, in place of what holds for everybody
 * @param sessions the whole dialogue of so many sessions is kept; null for none
 * @param taken how many are kept so far
 * @param until it ends then
 * @param active whether it has not ended
 */
public record Watch(
        long id,
        String direction,
        String peer,
        int level,
        @Nullable Integer sessions,
        int taken,
        Instant until,
        String createdBy,
        Instant createdAt,
        boolean active) {}
