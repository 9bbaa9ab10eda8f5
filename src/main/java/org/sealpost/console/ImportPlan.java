package org.sealpost.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.postfix.ImportReport;

/**
 * What a file would change, before it does.
 *
 * @param text the file itself, to be sent again
 * @param changes those that are weaker first, as many as a page can show
 * @param more how many changes are not shown
 * @param weaker how many of all changes ask less than what holds now
 * @param stamp differs as soon as the plan does
 */
public record ImportPlan(
        String text,
        String mode,
        ImportReport report,
        List<Change> changes,
        int more,
        long weaker,
        String stamp) {

    private static final int MOST_SHOWN = 500;

    /**
     * A rule that comes, changes or goes.
     *
     * @param kind {@code added}, {@code changed} or {@code removed}
     * @param line where its entry stands in the file; null when it is not in it
     * @param before as Postfix writes it; null when there was none
     * @param after null when it is removed
     */
    public record Change(
            String kind,
            String nextHop,
            @Nullable Integer line,
            @Nullable String before,
            @Nullable String after,
            String strength,
            List<String> reasons) {

        public boolean isWeaker() {
            return strength.equals("weaker");
        }
    }

    static ImportPlan of(
            String text, String mode, ImportReport report, List<Change> all, Object batch) {
        List<Change> shown =
                all.stream()
                        .sorted(Comparator.comparing(Change::isWeaker).reversed())
                        .limit(MOST_SHOWN)
                        .toList();
        return new ImportPlan(
                text,
                mode,
                report,
                shown,
                all.size() - shown.size(),
                all.stream().filter(Change::isWeaker).count(),
                stamp(batch.toString()));
    }

    public boolean isPossible() {
        return report.errors().isEmpty()
                && report.added() + report.changed() + report.removed() > 0;
    }

    static String stamp(String content) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
