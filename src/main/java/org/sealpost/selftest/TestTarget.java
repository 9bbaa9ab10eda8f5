package org.sealpost.selftest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.tls.VerdictDocument;

/**
 * One server of a self-test.
 *
 * @param address null when there was none to connect to
 * @param verdict what the rule in force says of this server; null when no session came that far
 * @param levels what each level would say of the same session
 * @param chain what the server presented, leaf first
 */
public record TestTarget(
        String host,
        @Nullable String address,
        int port,
        @Nullable VerdictDocument verdict,
        List<TestStep> steps,
        List<LevelRuling> levels,
        List<PresentedCertificate> chain) {

    /**
     * What mail under a level would meet here.
     *
     * @param outcome {@code deliver-encrypted}, {@code deliver-clear} or {@code defer}
     */
    public record LevelRuling(
            String level, String outcome, @Nullable String code, String explanation) {}

    static TestTarget nowhere(
            String host, int port, @Nullable VerdictDocument verdict, List<TestStep> steps) {
        return new TestTarget(host, null, port, verdict, steps, List.of(), List.of());
    }

    /** Without transcripts and chain. */
    TestTarget inShort() {
        return new TestTarget(
                host,
                address,
                port,
                verdict,
                steps.stream()
                        .map(step ->
                                new TestStep(
                                        step.name(),
                                        step.status(),
                                        step.millis(),
                                        step.detail(),
                                        List.of()))
                        .toList(),
                levels,
                List.of());
    }
}
