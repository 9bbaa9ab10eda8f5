package org.sealpost.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.console.ImportPlan.Change;
import org.sealpost.policy.PolicyBatch;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.PolicyOutlook;
import org.sealpost.policy.StrengthChange;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.policy.TlsSettings;
import org.sealpost.policy.postfix.TlsPolicyFile;
import org.sealpost.policy.postfix.TlsPolicyImport;
import org.sealpost.policy.postfix.TlsPolicyImport.Mode;
import org.sealpost.policy.postfix.TlsPolicyWriter;
import org.sealpost.settings.Settings;
import org.springframework.stereotype.Component;

/** Compares a {@code tls_policy} with the table, rule by rule. */
@Component
class ImportPlans {

    private final TlsPolicies policies;
    private final PolicyOutlook outlook;
    private final RuleReviews reviews;
    private final Settings settings;

    ImportPlans(
            TlsPolicies policies, PolicyOutlook outlook, RuleReviews reviews, Settings settings) {
        this.policies = policies;
        this.outlook = outlook;
        this.reviews = reviews;
        this.settings = settings;
    }

    /** A plan with what carries it out. */
    record Planned(ImportPlan plan, PolicyBatch batch) {}

    Planned plan(String text, Mode mode) {
        TlsPolicyFile.Content content = TlsPolicyFile.parse(text);
        TlsPolicyImport.Plan plan =
                TlsPolicyImport.plan(policies, content, mode, settings.get(TlsSettings.SECTION));
        var lines = new HashMap<String, Integer>();
        content.entries()
                .forEach(entry -> lines.put(String.valueOf(entry.draft().nextHop()), entry.line()));
        return new Planned(
                ImportPlan.of(
                        text,
                        mode.name().toLowerCase(Locale.ROOT),
                        plan.report(),
                        changes(plan.batch(), lines),
                        plan.batch()),
                plan.batch());
    }

    private List<Change> changes(PolicyBatch batch, Map<String, Integer> lines) {
        Map<Long, TlsPolicy> known = new HashMap<>();
        policies.all().forEach(rule -> known.put(rule.id(), rule));
        TlsPolicyWriter writer = reviews.writer();
        var changes = new ArrayList<Change>();
        batch.changed()
                .forEach(change ->
                        changes.add(change(known.get(change.id()), change.draft(), lines, writer)));
        batch.added().forEach(draft -> changes.add(change(null, draft, lines, writer)));
        batch.removed()
                .forEach(removal ->
                        changes.add(change(known.get(removal.id()), null, lines, writer)));
        return changes;
    }

    private Change change(
            @Nullable TlsPolicy before,
            @Nullable PolicyDraft after,
            Map<String, Integer> lines,
            TlsPolicyWriter writer) {
        String key =
                before != null
                        ? before.nextHop()
                        : String.valueOf(Objects.requireNonNull(after).nextHop());
        StrengthChange change = outlook.compare(before, after);
        return new Change(
                before == null ? "added" : after == null ? "removed" : "changed",
                key,
                lines.get(key),
                before == null ? null : writer.entry(before).strip(),
                after == null ? null : writer.entry(RuleReviews.rule(after)).strip(),
                change.strength().name().toLowerCase(Locale.ROOT),
                change.reasons());
    }
}
