package org.sealpost.selftest;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Self-tests that run by themselves again and again. Everyone signed in reads them. */
public interface SelfTestSchedules {

    List<Schedule> list();

    /**
     * Adds a schedule; its first test runs at once. Needs {@code selftests:write}.
     *
     * @throws org.sealpost.mail.InvalidInput when it is not clear what to test, or how often
     * @throws org.sealpost.mail.NotAllowed when the caller may not connect there
     * @throws org.sealpost.mail.Conflict when the same is scheduled already
     */
    Schedule create(NewSchedule asked);

    /** Removes a schedule. Needs {@code selftests:write}. */
    void delete(long id);

    /** A test to repeat: one of the three, and how often. */
    record NewSchedule(
            @Nullable String listener,
            @Nullable String destination,
            @Nullable String nextHop,
            @Nullable Duration every) {}

    /**
     * A schedule.
     *
     * @param listener what is tested; null for another kind, as with the next two
     * @param createdBy whose rights its connections have
     */
    record Schedule(
            long id,
            @Nullable String listener,
            @Nullable String destination,
            @Nullable String nextHop,
            Duration every,
            String createdBy,
            Instant createdAt) {}
}
