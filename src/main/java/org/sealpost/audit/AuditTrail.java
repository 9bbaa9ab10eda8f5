package org.sealpost.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who changed what. Needs {@code audit:read}. */
public interface AuditTrail {

    /**
     * Entries, newest first.
     *
     * @param text found in actor, action or object; null for all
     * @param before only entries with a smaller id; null for the newest
     */
    List<Entry> page(@Nullable String text, @Nullable Long before, int size);

    /**
     * The same the other way round.
     *
     * @param after only entries with a greater id; null for the oldest
     */
    List<Entry> oldestFirst(@Nullable String text, @Nullable Long after, int size);

    long count(@Nullable String text);

    /**
     * One entry.
     *
     * @param actor a user's name, or {@code system}
     * @param address where the request came from; null for the system's own doing
     * @param action e.g. {@code policy.changed}, {@code login.failed}
     * @param object e.g. {@code policy 42}
     * @param before JSON without secrets; null when there was nothing
     * @param after JSON without secrets; null when it was removed
     */
    record Entry(
            long id,
            Instant at,
            String actor,
            @Nullable String address,
            String action,
            String object,
            @JsonRawValue @Nullable String before,
            @JsonRawValue @Nullable String after) {}
}
