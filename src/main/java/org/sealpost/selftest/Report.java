package org.sealpost.selftest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.SelfTest.Command;
import org.sealpost.tls.VerdictDocument;

/** What a test has shown; the part of it that is stored as one document. */
record Report(
        @Nullable String nextHop,
        String summary,
        @Nullable VerdictDocument verdict,
        List<TestTarget> targets,
        List<Command> commands,
        @Nullable String grade,
        List<String> reasons,
        List<String> worse) {

    static final Report NOTHING =
            new Report(null, "", null, List.of(), List.of(), null, List.of(), List.of());

    Report {
        targets = List.copyOf(targets);
        commands = List.copyOf(commands);
        reasons = List.copyOf(reasons);
        worse = List.copyOf(worse);
    }

    Report(
            @Nullable String nextHop,
            String summary,
            @Nullable VerdictDocument verdict,
            List<TestTarget> targets,
            List<Command> commands,
            @Nullable String grade,
            List<String> reasons) {
        this(nextHop, summary, verdict, targets, commands, grade, reasons, List.of());
    }

    Report withSummary(String text) {
        return new Report(nextHop, text, verdict, targets, commands, grade, reasons, worse);
    }

    Report withWorse(List<String> changes) {
        return new Report(nextHop, summary, verdict, targets, commands, grade, reasons, changes);
    }

    /** Without transcripts and chains. */
    Report inShort() {
        return new Report(
                nextHop,
                summary,
                verdict,
                targets.stream().map(TestTarget::inShort).toList(),
                commands,
                grade,
                reasons,
                worse);
    }
}
