package org.sealpost.selftest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.VerdictDocument;

/**
 * A self-test with what it has shown so far.
 *
 * @param state {@code queued}, {@code running}, {@code done}, {@code failed} (the test itself broke
 *     off) or {@code cancelled}
 * @param trigger {@code manual} or {@code schedule}
 * @param listener what was asked for; null for another kind of test, as with the next two
 * @param nextHop what was asked for, or where mail for the destination goes
 * @param startedBy who asked
 * @param summary the result in a sentence; empty before the end
 * @param verdict what mail would meet, as delivery would rule; null when no session came that far
 * @param targets each server, or the listener
 * @param commands how to see the same with other tools
 * @param grade of a listener, A to F; null for others
 * @param reasons for the grade
 * @param worse what got worse since the test before, a sentence each
 */
public record SelfTest(
        long id,
        String state,
        String trigger,
        @Nullable String listener,
        @Nullable String destination,
        @Nullable String nextHop,
        String startedBy,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        String summary,
        @Nullable VerdictDocument verdict,
        List<TestTarget> targets,
        List<Command> commands,
        @Nullable String grade,
        List<String> reasons,
        List<String> worse) {

    /** The line to type for another tool. */
    public record Command(String tool, String line) {}

    /** Whether nothing more will change. */
    public boolean isOver() {
        return !state.equals(SelfTestState.QUEUED.word())
                && !state.equals(SelfTestState.RUNNING.word());
    }

    /** With what a running test has shown by now. */
    SelfTest with(Report sofar) {
        return new SelfTest(
                id,
                state,
                trigger,
                listener,
                destination,
                sofar.nextHop() == null ? nextHop : sofar.nextHop(),
                startedBy,
                createdAt,
                startedAt,
                finishedAt,
                sofar.summary(),
                sofar.verdict(),
                sofar.targets(),
                sofar.commands(),
                sofar.grade(),
                sofar.reasons(),
                sofar.worse());
    }

    /** Without transcripts and chains. */
    SelfTest inShort() {
        return new SelfTest(
                id,
                state,
                trigger,
                listener,
                destination,
                nextHop,
                startedBy,
                createdAt,
                startedAt,
                finishedAt,
                summary,
                verdict,
                targets.stream().map(TestTarget::inShort).toList(),
                commands,
                grade,
                reasons,
                worse);
    }
}
