package org.sealpost.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.PastTest;
import org.sealpost.selftest.SelfTest;

/**
 * What the last tests of the same found, oldest first, as a row of bars and a table.
 *
 * @param spoken the bars in words
 * @param width of the drawing
 */
public record SelfTestTrend(List<Bar> bars, String spoken, int width, List<Change> changes) {

    static final int MOST = 12;
    private static final int STEP = 22;
    private static final int HIGHEST = 48;
    private static final double FULL_DAYS = 90;

    /**
     * One test.
     *
     * @param result {@code good}, {@code warn} or {@code bad}
     * @param word the same as people say it
     * @param height of the days left, at most {@link #HIGHEST}
     */
    public record Bar(
            long id,
            When at,
            String result,
            String word,
            @Nullable String protocol,
            @Nullable String status,
            @Nullable Long daysLeft,
            boolean worse,
            int x,
            int y,
            int height) {}

    /** What differs from the test before. */
    public record Change(String what, String before, String now) {}

    /**
     * The trend that ends with a test.
     *
     * @param past newest first
     * @param shown the newest of them with its steps
     * @param before the one before it with its steps; null when it is the first
     */
    static SelfTestTrend of(
            List<PastTest> past, SelfTest shown, @Nullable SelfTest before, Instant now) {
        var bars = new ArrayList<Bar>();
        for (PastTest test : past.reversed()) {
            bars.add(bar(test, bars.size(), now));
        }
        return new SelfTestTrend(
                bars,
                bars.stream()
                        .map(bar ->
                                bar.word()
                                        + (bar.daysLeft() == null
                                                ? ""
                                                : ", certificate good for "
                                                        + bar.daysLeft()
                                                        + " days"))
                        .collect(Collectors.joining("; ")),
                Math.max(1, bars.size()) * STEP,
                before == null || past.size() < 2
                        ? List.of()
                        : changes(past.get(1), past.getFirst(), before, shown));
    }

    private static Bar bar(PastTest test, int position, Instant now) {
        String grade = test.grade();
        String result = result(grade, test.outcome());
        Long days = test.daysLeft();
        int height =
                days == null ? 4 : (int) Math.round(Math.clamp(days / FULL_DAYS, 0.1, 1) * HIGHEST);
        return new Bar(
                test.id(),
                When.of(test.at(), now),
                result,
                grade != null
                        ? "grade " + grade
                        : switch (result) {
                            case "good" -> "over TLS";
                            case "warn" -> "in clear text";
                            default -> "would wait";
                        },
                test.protocol(),
                test.status(),
                days,
                test.worse(),
                position * STEP + 3,
                HIGHEST + 2 - height,
                height);
    }

    private static String result(@Nullable String grade, @Nullable String outcome) {
        if (grade != null) {
            return grade.equals("A") ? "good" : grade.equals("B") ? "warn" : "bad";
        }
        return switch (outcome == null ? "" : outcome) {
            case "deliver-encrypted" -> "good";
            case "deliver-clear" -> "warn";
            default -> "bad";
        };
    }

    private static List<Change> changes(
            PastTest old, PastTest now, SelfTest before, SelfTest shown) {
        var changes = new ArrayList<Change>();
        add(changes, "mail", old.outcome(), now.outcome());
        add(changes, "grade", old.grade(), now.grade());
        add(changes, "certificate status", old.status(), now.status());
        add(changes, "TLS version", old.protocol(), now.protocol());
        add(changes, "cipher suite", old.cipher(), now.cipher());
        add(changes, "certificate (sha256)", old.certificate(), now.certificate());
        add(changes, "certificate ends", text(old.certificateEnds()), text(now.certificateEnds()));
        add(changes, "servers", servers(before), servers(shown));
        for (var target : shown.targets()) {
            before.targets().stream()
                    .filter(one ->
                            one.host().equals(target.host())
                                    && Objects.equals(one.address(), target.address()))
                    .findFirst()
                    .ifPresent(same ->
                            target.steps()
                                    .forEach(step ->
                                            same.steps().stream()
                                                    .filter(one -> one.name().equals(step.name()))
                                                    .findFirst()
                                                    .ifPresent(one ->
                                                            add(
                                                                    changes,
                                                                    "step "
                                                                            + step.name()
                                                                            + " at "
                                                                            + target.host(),
                                                                    one.status(),
                                                                    step.status()))));
        }
        return changes;
    }

    private static String servers(SelfTest test) {
        return test.targets().stream()
                .map(target -> target.host() + "[" + target.address() + "]:" + target.port())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }

    private static void add(
            List<Change> changes, String what, @Nullable String before, @Nullable String now) {
        if (!Objects.equals(before, now)) {
            changes.add(
                    new Change(what, before == null ? "none" : before, now == null ? "none" : now));
        }
    }
}
