package org.sealpost.policy.postfix;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;

/**
 * What an import changes, or would change.
 *
 * @param errors every reason against it, in the order of the file
 * @param warnings what is ignored, as Postfix does
 */
public record ImportReport(
        int added,
        int changed,
        int removed,
        int unchanged,
        List<FileProblem> errors,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FileProblem> warnings) {

    public static final ImportReport NOTHING = new ImportReport(0, 0, 0, 0, List.of(), List.of());

    private static final int MOST_ERRORS = 10_000;

    public ImportReport {
        errors = inOrder(errors);
        warnings = inOrder(warnings);
    }

    private static List<FileProblem> inOrder(List<FileProblem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(FileProblem::line))
                .limit(MOST_ERRORS)
                .toList();
    }
}
