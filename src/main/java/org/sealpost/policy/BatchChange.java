package org.sealpost.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change of a batch, before it is made.
 *
 * @param before null when the rule is added
 * @param after null when it is removed
 * @param strength how it alters what its destination has to prove, with the rest of the batch made
 */
public record BatchChange(
        @Nullable TlsPolicy before, @Nullable PolicyDraft after, StrengthChange strength) {

    /** The key it is about. */
    public String nextHop() {
        return before != null
                ? before.nextHop()
                : String.valueOf(Objects.requireNonNull(after).nextHop());
    }
}
