package org.sealpost.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.policy.PolicyBatch;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicy;

/**
 * A change of several rules as it is shown before it is made.
 *
 * @param done rules that are that way already
 */
public record BulkPlan(
        String action, @Nullable String level, String title, List<Item> items, List<String> done) {

    /**
     * One rule.
     *
     * @param change null when it cannot be made
     * @param problem why it cannot; null when it can
     */
    public record Item(
            long id,
            long version,
            String nextHop,
            @Nullable RuleChange change,
            @Nullable String problem) {}

    static BulkPlan of(
            BulkAction action, @Nullable String level, List<TlsPolicy> rules, RuleReviews reviews) {
        var items = new ArrayList<Item>();
        var done = new ArrayList<String>();
        for (TlsPolicy rule : rules) {
            if (action.isDone(rule, level)) {
                done.add(rule.nextHop());
            } else {
                items.add(item(rule, action.draft(rule, level), reviews));
            }
        }
        return new BulkPlan(action.word(), level, action.title(items.size(), level), items, done);
    }

    private static Item item(TlsPolicy rule, @Nullable PolicyDraft draft, RuleReviews reviews) {
        try {
            RuleChange change = reviews.change(rule, draft);
            return new Item(rule.id(), rule.version(), rule.nextHop(), change, null);
        } catch (InvalidInput invalid) {
            String problem = invalid.explain() + " " + invalid.remedy();
            return new Item(rule.id(), rule.version(), rule.nextHop(), null, problem);
        }
    }

    public long weaker() {
        return items.stream()
                .map(Item::change)
                .filter(Objects::nonNull)
                .filter(RuleChange::isWeaker)
                .count();
    }

    public boolean isWeaker() {
        return weaker() > 0;
    }

    public boolean isPossible() {
        return !items.isEmpty() && items.stream().allMatch(item -> item.problem() == null);
    }

    /** The change itself, based on the versions that were shown. */
    PolicyBatch batch(BulkAction action, List<TlsPolicy> rules, @Nullable String reason) {
        var changed = new ArrayList<PolicyBatch.Changed>();
        var removed = new ArrayList<PolicyBatch.Removed>();
        for (TlsPolicy rule : rules) {
            PolicyDraft draft = action.draft(rule, level);
            if (draft == null) {
                removed.add(new PolicyBatch.Removed(rule.id(), rule.version()));
            } else if (!action.isDone(rule, level)) {
                changed.add(new PolicyBatch.Changed(rule.id(), rule.version(), draft));
            }
        }
        return new PolicyBatch(PolicyBatch.Action.EDIT, List.of(), changed, removed)
                .because(reason);
    }
}
