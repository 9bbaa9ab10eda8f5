package org.sealpost.console;

import java.util.List;
import org.sealpost.console.Dashboard.Attention;
import org.sealpost.selftest.WorsenedTests;
import org.sealpost.selftest.WorsenedTests.Worsened;
import org.springframework.stereotype.Component;

/** What self-tests found worse, as the dashboard tells it. */
@Component
class SelfTestAttention {

    private final WorsenedTests tests;

    SelfTestAttention(WorsenedTests tests) {
        this.tests = tests;
    }

    List<Attention> lately() {
        return tests.lately().stream().map(SelfTestAttention::attention).toList();
    }

    private static Attention attention(Worsened test) {
        return new Attention(
                "warn",
                "clipboard-x",
                "The self-test of " + test.subject() + " found something worse.",
                String.join(" ", test.changes()),
                "/self-tests/" + test.testId(),
                "See it");
    }
}
