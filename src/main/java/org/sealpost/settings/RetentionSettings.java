package org.sealpost.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.mail.InvalidInput.Problem;

/**
 * How long records are kept.
 *
 * @param events of the connection log
 * @param audit of the audit trail
 * @param selfTests results of self-tests
 */
public record RetentionSettings(Duration events, Duration audit, Duration selfTests) {

    public static final SettingsSection<RetentionSettings> SECTION =
            new SettingsSection<>(
                    "retention", RetentionSettings.class, RetentionSettings::problems);

    /** What a first start writes, and what migration V060 gives an older database. */
    static final RetentionSettings STANDARD =
            new RetentionSettings(Duration.ofDays(30), Duration.ofDays(400), Duration.ofDays(90));

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
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
