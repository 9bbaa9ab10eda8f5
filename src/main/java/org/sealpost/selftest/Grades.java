package org.sealpost.selftest;

import java.util.List;
import java.util.Set;

/** Sums a listener's steps up. */
final class Grades {

    /** Whoever finds one of these open can do harm at once. */
    private static final Set<String> GRAVE =
            Set.of(
                    "connect",
                    "plaintext-auth-refused",
                    "starttls-injection",
                    "open-relay-refused",
                    "smuggling-refused");

    private Grades() {}

    /** A: nothing to say; B: warnings; C: one thing failed; D: more did; F: it can be abused. */
    static String of(List<TestStep> steps) {
        List<TestStep> failed =
                steps.stream().filter(step -> step.status().equals(TestStep.FAIL)).toList();
        if (failed.stream().anyMatch(step -> GRAVE.contains(step.name()))) {
            return "F";
        }
        if (!failed.isEmpty()) {
            return failed.size() > 1 ? "D" : "C";
        }
        return steps.stream().anyMatch(step -> step.status().equals(TestStep.WARN)) ? "B" : "A";
    }

    static List<String> reasons(List<TestStep> steps) {
        return steps.stream()
                .filter(step ->
                        step.status().equals(TestStep.FAIL) || step.status().equals(TestStep.WARN))
                .map(step -> step.name() + ": " + step.detail())
                .toList();
    }
}
