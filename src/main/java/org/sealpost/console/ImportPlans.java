package org.sealpost.console;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sealpost.console.ImportPlan.Change;
import org.sealpost.policy.BatchChange;
import org.sealpost.policy.PolicyBatch;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.PolicyOutlook;
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
        TlsPolicyWriter writer = reviews.writer();
        return outlook.compare(batch).stream().map(one -> change(one, lines, writer)).toList();
    }

    private static Change change(
            BatchChange change, Map<String, Integer> lines, TlsPolicyWriter writer) {
        TlsPolicy before = change.before();
        PolicyDraft after = change.after();
        return new Change(
                before == null ? "added" : after == null ? "removed" : "changed",
                change.nextHop(),
                lines.get(change.nextHop()),
                before == null ? null : writer.entry(before).strip(),
                after == null ? null : writer.entry(RuleReviews.rule(after)).strip(),
                change.strength().strength().name().toLowerCase(Locale.ROOT),
                change.strength().reasons());
    }
}
