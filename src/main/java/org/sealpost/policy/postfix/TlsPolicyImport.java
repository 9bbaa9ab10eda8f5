package org.sealpost.policy.postfix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.sealpost.mail.InvalidInput;
import org.sealpost.policy.PolicyBatch;
import org.sealpost.policy.PolicyBatch.Action;
import org.sealpost.policy.PolicyBatch.Changed;
import org.sealpost.policy.PolicyBatch.Removed;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.policy.TlsSettings;

/** Compares a file with the table: what would have to change, and what speaks against it. */
public final class TlsPolicyImport {

    private final TlsPolicies policies;
    private final UnaryOperator<PolicyDraft> check;
    private final List<PolicyDraft> added = new ArrayList<>();
    private final List<Changed> changed = new ArrayList<>();
    private final List<Removed> removed = new ArrayList<>();
    private final List<FileProblem> errors = new ArrayList<>();
    private int unchanged;

    /** Which rules go. */
    public enum Mode {
        /** Only rules that the file names change. */
        MERGE,
        /** Rules that the file does not name are removed. */
        REPLACE
    }

    /**
     * A comparison.
     *
     * @param batch what makes the table as the file says, without the entries that are refused
     */
    public record Plan(PolicyBatch batch, ImportReport report) {}

    private TlsPolicyImport(TlsPolicies policies, TlsSettings defaults) {
        this.policies = policies;
        this.check = policies.checkUnder(defaults);
    }

    /**
     * Compares.
     *
     * @param defaults what the rules of the file would inherit
     */
    public static Plan plan(
            TlsPolicies policies, TlsPolicyFile.Content content, Mode mode, TlsSettings defaults) {
        var comparison = new TlsPolicyImport(policies, defaults);
        comparison.compare(content, mode);
        return new Plan(
                new PolicyBatch(
                        Action.IMPORT, comparison.added, comparison.changed, comparison.removed),
                new ImportReport(
                        comparison.added.size(),
                        comparison.changed.size(),
                        comparison.removed.size(),
                        comparison.unchanged,
                        comparison.errors,
                        content.warnings()));
    }

    private void compare(TlsPolicyFile.Content content, Mode mode) {
        errors.addAll(content.problems());
        var known = new HashMap<String, TlsPolicy>();
        policies.all().forEach(rule -> known.put(rule.nextHop(), rule));
        var named = new HashSet<String>();
        for (TlsPolicyFile.Entry entry : content.entries()) {
            named.add(String.valueOf(entry.draft().nextHop()));
            TlsPolicy rule = known.get(entry.draft().nextHop());
            if (rule != null && draft(rule).equals(entry.draft())) {
                unchanged++; // also where the caller could not write this rule himself
                continue;
            }
            try {
                compare(check.apply(entry.draft()), known);
            } catch (InvalidInput invalid) {
                invalid.problems().forEach(problem -> errors.add(entry.problem(problem)));
            }
        }
        if (mode == Mode.REPLACE) {
            remove(known, named);
        }
    }

    private void compare(PolicyDraft draft, Map<String, TlsPolicy> known) {
        TlsPolicy rule = known.get(draft.nextHop());
        if (rule == null) {
            added.add(draft);
        } else if (draft(rule).equals(draft)) {
            unchanged++;
        } else {
            changed.add(new Changed(rule.id(), rule.version(), draft));
        }
    }

    private void remove(Map<String, TlsPolicy> known, Set<String> named) {
        known.values().stream()
                .filter(rule -> !named.contains(rule.nextHop()))
                .forEach(rule -> removed.add(new Removed(rule.id(), rule.version())));
    }

    private static PolicyDraft draft(TlsPolicy rule) {
        return new PolicyDraft(
                rule.nextHop(),
                rule.level().word(),
                rule.attributes(),
                rule.mode(),
                rule.clientCertificateId(),
                rule.note());
    }
}
