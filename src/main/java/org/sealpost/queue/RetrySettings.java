package org.sealpost.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.settings.SettingsSection;
import org.sealpost.settings.TimeSpan;

/**
 * When mail that could not be delivered is tried again.
 *
 * @param firstRetry the wait after the first failure; it doubles with each further one
 * @param maxRetry the longest wait
 * @param lifetime the age at which a message is given back to its sender
 * @param delayWarning the age at which its sender is told that it still waits
 */
public record RetrySettings(
        Duration firstRetry, Duration maxRetry, Duration lifetime, Duration delayWarning) {

    public static final SettingsSection<RetrySettings> SECTION =
            new SettingsSection<>("retry", RetrySettings.class, RetrySettings::problems);

    static RetrySettings standard(Duration firstRetry) {
        Duration maxRetry = Duration.ofHours(4);
        return new RetrySettings(
                firstRetry,
                firstRetry.compareTo(maxRetry) > 0 ? firstRetry : maxRetry,
                Duration.ofDays(5),
                Duration.ofHours(4));
    }

    /**
     * The wait after a failed attempt.
     *
     * @param attempts made so far, at least 1
     * @param jitter 0 up to 1: retries of messages that failed together spread over a tenth of the
     *     wait; never earlier than the plain schedule
     */
    public Duration waitAfter(int attempts, double jitter) {
        Duration wait = firstRetry;
        for (int i = 1; i < attempts && wait.compareTo(maxRetry) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        Duration capped = wait.compareTo(maxRetry) > 0 ? maxRetry : wait;
        return capped.plusMillis((long) (capped.toMillis() * jitter / 10));
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        positive(problems, "firstRetry", firstRetry);
        positive(problems, "maxRetry", maxRetry);
        positive(problems, "lifetime", lifetime);
        positive(problems, "delayWarning", delayWarning);
        if (firstRetry.compareTo(maxRetry) > 0) {
            problems.add(
                    new Problem(
                            "maxRetry",
                            "The longest wait is shorter than the first one.",
                            "Make maxRetry at least " + firstRetry + "."));
        }
        return problems;
    }

    private static void positive(List<Problem> problems, String field, Duration value) {
        if (value.isNegative() || value.isZero()) {
            problems.add(
                    new Problem(field, "The duration is not longer than zero.", TimeSpan.FORMS));
        }
    }
}
