package org.sealpost.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.PolicyBatch.Action;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.settings.events.ConfigurationChanges;

/** What the audit is told of a batch: each rule before and after, and an import as a whole. */
final class PolicyAudit {

    private static final String OBJECT = "policy";

    private final PolicyBatch batch;
    private final BatchComparison comparison;
    private final List<ConfigurationChanged> changes = new ArrayList<>();

    private PolicyAudit(PolicyBatch batch, BatchComparison comparison) {
        this.batch = batch;
        this.comparison = comparison;
    }

    /**
     * Tells of a batch.
     *
     * @param removed the rules that went
     * @param changed the rules that were replaced, as they were before
     * @param stored the rules that were added, then what replaced the others
     * @param comparison what tells which of them got weaker
     */
    static ConfigurationChanges of(
            PolicyBatch batch,
            List<TlsPolicy> removed,
            List<TlsPolicy> changed,
            List<TlsPolicy> stored,
            BatchComparison comparison) {
        var audit = new PolicyAudit(batch, comparison);
        int added = stored.size() - changed.size();
        if (batch.action() == Action.IMPORT) {
            audit.changes.add(
                    new ConfigurationChanged(
                            OBJECT,
                            "import",
                            ConfigurationChanged.Action.IMPORTED,
                            null,
                            new Import(added, changed.size(), removed.size(), batch.reason())));
        }
        removed.forEach(rule -> audit.add(rule, null));
        stored.subList(0, added).forEach(rule -> audit.add(null, rule));
        for (int i = 0; i < changed.size(); i++) {
            audit.add(changed.get(i), stored.get(added + i));
        }
        return new ConfigurationChanges(audit.changes);
    }

    private void add(@Nullable TlsPolicy before, @Nullable TlsPolicy after) {
        ConfigurationChanged.Action named =
                batch.action() == Action.IMPORT
                        ? ConfigurationChanged.Action.IMPORTED
                        : before == null
                                ? ConfigurationChanged.Action.CREATED
                                : after == null
                                        ? ConfigurationChanged.Action.REMOVED
                                        : ConfigurationChanged.Action.CHANGED;
        TlsPolicy rule = after == null ? before : after;
        changes.add(
                new ConfigurationChanged(
                        OBJECT,
                        rule == null ? "" : Long.toString(rule.id()),
                        named,
                        before,
                        explained(before, after)));
    }

    private @Nullable Object explained(@Nullable TlsPolicy before, @Nullable TlsPolicy after) {
        StrengthChange change =
                comparison.of(
                        before == null ? null : before.nextHop(),
                        after == null ? null : after.nextHop());
        return batch.reason() == null && !change.isWeaker()
                ? after
                : new Explained(after, change.isWeaker() ? change.reasons() : null, batch.reason());
    }

    /** An import in numbers. */
    private record Import(
            int added,
            int changed,
            int removed,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {}

    /**
     * A rule with what the change weakens.
     *
     * @param rule null when it was removed
     * @param weaker what gets weaker, a sentence each
     * @param reason what somebody gave for the change
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Explained(
            @JsonUnwrapped @Nullable TlsPolicy rule,
            @Nullable List<String> weaker,
            @Nullable String reason) {}
}
