package org.sealpost.selftest;

import java.util.List;
import org.sealpost.delivery.events.DeliveryAttempted.Step;

/**
 * One thing that was looked at.
 *
 * @param name as the API fixes it: {@code dns}, {@code connect} and so on
 * @param status {@code pass}, {@code warn}, {@code fail} or {@code skip}
 * @param detail a sentence
 * @param transcript the dialogue in both directions, with milliseconds since it began
 */
public record TestStep(
        String name, String status, long millis, String detail, List<Step> transcript) {

    static final String PASS = "pass";
    static final String WARN = "warn";
    static final String FAIL = "fail";
    static final String SKIP = "skip";

    static TestStep of(String name, String status, String detail) {
        return new TestStep(name, status, 0, detail, List.of());
    }

    static TestStep skip(String name, String why) {
        return of(name, SKIP, why);
    }
}
