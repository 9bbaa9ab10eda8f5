package org.sealpost.queue.events;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message is on disk and will be delivered.
 *
 * @param sender empty for the null reverse path
 * @param session the inbound session; null for mail made here
 * @param messageId what stands in its {@code Message-ID:}, without brackets; null when none does
 */
public record MessageQueued(
        Instant at,
        String queueId,
        String sender,
        List<String> recipients,
        long size,
        @Nullable String session,
        @Nullable String messageId) {}
