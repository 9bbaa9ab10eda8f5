package org.sealpost.console;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.Refusal;
import org.sealpost.mail.StaleVersion;

/**
 * What is wrong with a form that was sent: above it in one list, and at each field.
 *
 * @param stale whether somebody else changed the object meanwhile
 */
public record FormProblems(List<Problem> all, boolean stale) {

    static final FormProblems NONE = new FormProblems(List.of(), false);

    public FormProblems {
        all = all.stream().map(FormProblems::inForm).toList();
    }

    static FormProblems of(InvalidInput invalid) {
        return new FormProblems(invalid.problems(), false);
    }

    /** A refusal as a whole belongs to the field it is about; a conflict to what must be unique. */
    static FormProblems of(Refusal refusal, String field) {
        return new FormProblems(List.of(problem(field, refusal)), false);
    }

    static FormProblems of(StaleVersion stale) {
        return new FormProblems(List.of(problem("", stale)), true);
    }

    /** The message for a field; null when nothing is wrong with it. */
    public @Nullable String at(String field) {
        return all.stream()
                .filter(problem -> problem.field().equals(field))
                .map(problem -> problem.message() + " " + problem.remedy())
                .reduce((first, second) -> first + " " + second)
                .orElse(null);
    }

    public boolean any() {
        return !all.isEmpty();
    }

    private static Problem problem(String field, Refusal refusal) {
        return new Problem(field, refusal.explain(), refusal.remedy());
    }

    /** The API says {@code attributes.match} where the form says {@code match}. */
    private static Problem inForm(Problem problem) {
        return new Problem(
                problem.field().replaceFirst("^attributes\\.", ""),
                problem.message(),
                problem.remedy());
    }
}
