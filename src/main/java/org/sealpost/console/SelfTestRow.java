package org.sealpost.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.SelfTest;

/**
 * A self-test in the history.
 *
 * @param kind {@code listener}, {@code destination} or {@code nextHop}, as the form names it
 * @param result {@code good}, {@code warn}, {@code bad} or {@code quiet}
 */
public record SelfTestRow(
        long id,
        When at,
        String kind,
        String name,
        String trigger,
        String startedBy,
        String state,
        String result,
        String summary,
        @Nullable String grade) {

    static SelfTestRow of(SelfTest test, Instant now) {
        return new SelfTestRow(
                test.id(),
                When.of(test.createdAt(), now),
                kind(test),
                name(test),
                test.trigger(),
                test.startedBy(),
                test.state(),
                result(test),
                test.summary(),
                test.grade());
    }

    static String kind(SelfTest test) {
        return test.listener() != null
                ? "listener"
                : test.destination() != null ? "destination" : "nextHop";
    }

    static String name(SelfTest test) {
        String asked = test.listener() != null ? test.listener() : test.destination();
        return asked == null ? String.valueOf(test.nextHop()) : asked;
    }

    /** How the result looks at first sight. */
    static String result(SelfTest test) {
        if (!test.state().equals("done")) {
            return test.state().equals("failed") ? "bad" : "quiet";
        }
        String grade = test.grade();
        if (grade != null) {
            return grade.equals("A") ? "good" : grade.equals("B") ? "warn" : "bad";
        }
        var verdict = test.verdict();
        String outcome = verdict == null ? "" : verdict.outcome();
        return switch (outcome) {
            case "deliver-encrypted" -> "good";
            case "deliver-clear" -> "warn";
            default -> "bad";
        };
    }
}
