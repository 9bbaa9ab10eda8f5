package org.sealpost.console;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;

/** Why somebody weakens something, as the audit keeps it. */
record Reason(@Nullable String text) {

    static final String FIELD = "reason";

    private static final int LONGEST = 1_000;

    Reason {
        text = text == null || text.isBlank() ? null : text.strip();
    }

    /** Whether a weakening may go ahead with it. */
    boolean suffices() {
        return text != null && text.length() <= LONGEST;
    }

    FormProblems problems() {
        return new FormProblems(
                List.of(
                        text == null
                                ? new Problem(
                                        FIELD,
                                        "A change that weakens what is required needs a reason.",
                                        "Say why; the audit keeps it.")
                                : new Problem(
                                        FIELD,
                                        "The reason is longer than 1,000 characters.",
                                        "Shorten it.")),
                false);
    }
}
