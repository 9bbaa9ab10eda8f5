package org.sealpost.console;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicy;

/** What can be done with several rules at once. */
enum BulkAction {
    ENABLE("Enable"),
    DISABLE("Disable"),
    LEVEL("Set the level of"),
    DELETE("Remove");

    private final String verb;

    BulkAction(String verb) {
        this.verb = verb;
    }

    static BulkAction parse(String word) {
        return Arrays.stream(values())
                .filter(action -> action.word().equals(word))
                .findAny()
                .orElseThrow(() ->
                        new InvalidInput(
                                "action",
                                "“" + word + "” is nothing that can be done with rules.",
                                "Choose one of the buttons above the list."));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** E.g. {@code Disable 3 rules}. */
    String title(int count, @Nullable String level) {
        return verb
                + " "
                + count
                + (count == 1 ? " rule" : " rules")
                + (this == LEVEL ? " to " + level : "");
    }

    /** What a rule becomes; null when it is removed. */
    @Nullable PolicyDraft draft(TlsPolicy rule, @Nullable String level) {
        return switch (this) {
            case DELETE -> null;
            case ENABLE -> draft(rule, rule.level().word(), "enforced");
            case DISABLE -> draft(rule, rule.level().word(), "disabled");
            case LEVEL -> draft(rule, level, rule.mode());
        };
    }

    /** Whether the rule is already as this would make it. */
    boolean isDone(TlsPolicy rule, @Nullable String level) {
        PolicyDraft draft = draft(rule, level);
        return draft != null && draft.equals(draft(rule, rule.level().word(), rule.mode()));
    }

    private static PolicyDraft draft(TlsPolicy rule, @Nullable String level, String mode) {
        return new PolicyDraft(
                rule.nextHop(),
                level,
                rule.attributes(),
                mode,
                rule.clientCertificateId(),
                rule.note());
    }
}
