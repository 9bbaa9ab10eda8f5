package org.sealpost.selftest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Many self-tests started at once. Everyone signed in reads them. */
public interface SelfTestBatches {

    /** More tests than this are not started at once. */
    int MOST = 10_000;

    /**
     * Starts a test of each. Needs {@code selftests:write}.
     *
     * @throws org.sealpost.mail.InvalidInput when it is not clear what to test, or nothing is
     * @throws org.sealpost.mail.Conflict when the caller's batch before is not over yet
     * @throws org.sealpost.mail.AskedTooOften when the caller asks too often
     */
    Batch start(NewBatch asked);

    Optional<Batch> find(long id);

    /**
     * Ends all tests of a batch that wait or run. Needs {@code selftests:write}.
     *
     * @throws org.sealpost.mail.NotFound when there is none
     */
    Batch cancel(long id);

    /**
     * A page of batches, newest first.
     *
     * @param seen the last id of the page before; null for the first page
     */
    List<Batch> page(@Nullable Long seen, int size);

    long count();

    /** Is called, until the result is closed, whenever a test begins or ends; returns at once. */
    Following follow(long id, Runnable changed);

    /**
     * What shall be tested: one of the two.
     *
     * @param rules {@code all}, or a level: every rule of that level and above
     * @param destinations domains, recipients, or next hops with brackets or a port
     */
    record NewBatch(@Nullable String rules, @Nullable List<String> destinations) {}

    /**
     * A batch.
     *
     * @param state {@code running}, {@code done} or {@code cancelled}
     * @param rules which rules were tested; null for a list
     * @param trigger {@code manual} or {@code schedule}
     * @param finishedAt null while it runs
     * @param worse how many tests found something worse than the test before
     * @param leftOut what of the rules or the list cannot be tested
     */
    record Batch(
            long id,
            String state,
            @Nullable String rules,
            String trigger,
            String startedBy,
            Instant createdAt,
            @Nullable Instant finishedAt,
            Tests tests,
            Mail mail,
            long worse,
            List<LeftOut> leftOut) {

        public boolean isOver() {
            return !state.equals("running");
        }
    }

    /** How many tests are where. */
    record Tests(long total, long queued, long running, long done, long failed, long cancelled) {

        /** How many have ended. */
        public long over() {
            return done + failed + cancelled;
        }
    }

    /** What mail to those that were tested would meet. */
    record Mail(long encrypted, long clear, long waits) {}

    /** One that was not tested, and why. */
    record LeftOut(String name, String reason) {}
}
