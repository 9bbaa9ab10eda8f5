package org.sealpost.selftest;

import java.io.IOException;
import java.util.List;

/** One look at a listener that may break. */
@FunctionalInterface
interface Probe {

    TestStep look() throws IOException;

    /** Runs a probe; one that breaks fails, since what it asks about was not shown. */
    static TestStep step(String name, Probe probe) {
        long begun = System.nanoTime();
        TestStep seen;
        try {
            seen = probe.look();
        } catch (IOException e) {
            seen = TestStep.of(name, TestStep.FAIL, "The test broke off: " + e.getMessage() + ".");
        }
        return new TestStep(
                name,
                seen.status(),
                (System.nanoTime() - begun) / 1_000_000,
                seen.detail(),
                seen.transcript());
    }

    /** What a dialogue showed. */
    static TestStep told(
            String name, boolean passed, String detail, StrangerConnection connection) {
        return new TestStep(
                name,
                passed ? TestStep.PASS : TestStep.FAIL,
                0,
                detail,
                List.copyOf(connection.dialogue()));
    }
}
