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

    /**
     * A test to repeat: one of the four, and how often.
     *
     * @param rules a level: every rule of it and above, once a night
     */
    record NewSchedule(
            @Nullable String listener,
            @Nullable String destination,
            @Nullable String nextHop,
            @Nullable String rules,
            @Nullable Duration every) {}

    /**
     * A schedule.
     *
     * @param listener what is tested; null for another kind, as with the next three
     * @param rules a level whose rules, and those above, are tested once a night between 1 and 5
     *     UTC
     * @param createdBy whose rights its connections have
     */
    record Schedule(
            long id,
            @Nullable String listener,
            @Nullable String destination,
            @Nullable String nextHop,
            @Nullable String rules,
            Duration every,
            String createdBy,
            Instant createdAt) {}
}
