package org.sealpost.selftest;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Service;

/** What self-tests found worse lately; for pages and alerts, which ask for no permission. */
@Service
public class WorsenedTests {

    private static final Duration LATELY = Duration.ofDays(3);
    private static final int MOST = 20;

    private final SelfTestRows rows;
    private final Clock clock;

    WorsenedTests(SelfTestRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /** A test that found something worse. */
    public record Worsened(long testId, String subject, List<String> changes) {}

    /** The newest of each subject within three days. */
    public List<Worsened> lately() {
        return rows.worsened(clock.instant().minus(LATELY), MOST).stream()
                .map(test -> new Worsened(test.id(), subject(test), test.worse()))
                .toList();
    }

    private static String subject(SelfTest test) {
        if (test.listener() != null) {
            return "the listener " + test.listener();
        }
        String destination = test.destination();
        return destination == null ? String.valueOf(test.nextHop()) : destination;
    }
}
