package org.sealpost.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;

/**
 * How long records are kept.
 *
 * @param events of the connection log
 * @param audit of the audit trail
 * @param selfTests results of self-tests
 * @param eventsMegabytes the oldest rows of the connection log are deleted while it is larger, at
 *     whatever age; {@value #USUAL_MEGABYTES} when not given
 */
public record RetentionSettings(
        Duration events, Duration audit, Duration selfTests, @Nullable Integer eventsMegabytes) {

    public static final SettingsSection<RetentionSettings> SECTION =
            new SettingsSection<>(
                    "retention", RetentionSettings.class, RetentionSettings::problems);

    /** What a first start writes, and what migration V060 gives an older database. */
    static final RetentionSettings STANDARD =
            new RetentionSettings(
                    Duration.ofDays(30), Duration.ofDays(400), Duration.ofDays(90), null);

    private static final int USUAL_MEGABYTES = 2_048;
    private static final int MOST_MEGABYTES = 1_000_000;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public RetentionSettings {
        eventsMegabytes = eventsMegabytes == null ? USUAL_MEGABYTES : eventsMegabytes;
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        if (eventsMegabytes == null || eventsMegabytes < 1 || eventsMegabytes > MOST_MEGABYTES) {
            problems.add(
                    new Problem(
                            "eventsMegabytes",
                            "The size to keep is not between 1 and 1000000 megabytes.",
                            "Write a number of megabytes, e.g. 2048."));
        }
        check(problems, "events", events);
        check(problems, "audit", audit);
        check(problems, "selfTests", selfTests);
        return problems;
    }

    private static void check(List<Problem> problems, String field, Duration value) {
        if (value == null || value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            problems.add(
                    new Problem(
                            field,
                            "The time to keep is missing, or not between one minute and a hundred"
                                    + " years.",
                            TimeSpan.FORMS));
        }
    }
}
