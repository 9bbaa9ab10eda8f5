package org.sealpost.console;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;

/**
 * What a form would make, shown beside it while somebody types.
 *
 * @param line the entry in Postfix's words; null while something is wrong
 * @param problems why it cannot be stored
 * @param warnings what an administrator should know
 * @param weak what makes it weak, a few words each
 * @param effective null while something is wrong
 * @param change against what holds now; null while something is wrong or the next hop is missing
 */
public record RuleReview(
        KeyPreview key,
        @Nullable String line,
        List<Problem> problems,
        List<String> warnings,
        List<String> weak,
        @Nullable EffectivePolicy effective,
        @Nullable RuleChange change) {

    public boolean isClean() {
        return problems.isEmpty() && warnings.isEmpty() && weak.isEmpty();
    }
}
