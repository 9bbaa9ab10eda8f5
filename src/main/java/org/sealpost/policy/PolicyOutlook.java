package org.sealpost.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.TlsLevel;
import org.springframework.stereotype.Service;

/** Says what rules and drafts mean before anything is stored. */
@Service
public class PolicyOutlook {

    private final PolicyResolver resolver;
    private final TlsPolicies policies;

    PolicyOutlook(PolicyResolver resolver, TlsPolicies policies) {
        this.resolver = resolver;
        this.policies = policies;
    }

    /** What holds for the next hops of a stored rule; if it is disabled, what holds instead. */
    public PolicyLookup of(TlsPolicy rule) {
        return rule.isEnforced()
                ? resolver.outlook(sample(rule.nextHop()), rule)
                : without(rule.nextHop());
    }

    /**
     * What would hold for the next hops of a draft.
     *
     * @throws InvalidInput when it cannot be stored
     */
    public PolicyLookup of(PolicyDraft draft) {
        PolicyDraft checked = policies.check(draft);
        String key = Objects.requireNonNull(checked.nextHop());
        return TlsPolicy.ENFORCED.equals(checked.mode())
                ? resolver.outlook(sample(key), rule(checked))
                : without(key);
    }

    /** What holds for the next hops of a key where it has no rule. */
    public PolicyLookup without(String key) {
        return resolver.outlook(sample(key), resolver.behind(key));
    }

    /** What holds where no rule matches. */
    public PolicyLookup ofDefaults() {
        return resolver.outlook(sample("example.com"), null);
    }

    /**
     * How a change alters what its destination has to prove.
     *
     * @param before null when there is no rule yet
     * @param after null when it is removed
     * @throws InvalidInput when the draft cannot be stored
     */
    public StrengthChange compare(@Nullable TlsPolicy before, @Nullable PolicyDraft after) {
        return resolver.compare(before, after == null ? null : checked(policies.check(after)));
    }

    /** How each change of a batch, whose drafts are checked, alters what has to be proved. */
    public List<BatchChange> compare(PolicyBatch batch) {
        var wanted = new HashSet<>(batch.ids());
        Map<Long, TlsPolicy> known =
                resolver.rules()
                        .filter(rule -> wanted.contains(rule.id()))
                        .collect(Collectors.toMap(TlsPolicy::id, rule -> rule));
        var byKey = new HashMap<String, Optional<TlsPolicy>>();
        known.values().forEach(rule -> byKey.put(rule.nextHop(), Optional.empty()));
        batch.drafts().stream()
                .map(PolicyOutlook::rule)
                .forEach(rule -> byKey.put(rule.nextHop(), Optional.of(rule)));
        BatchComparison comparison = resolver.comparison(byKey, batch.defaults());
        var changes = new ArrayList<BatchChange>();
        batch.changed()
                .forEach(one -> changes.add(change(known.get(one.id()), one.draft(), comparison)));
        batch.added().forEach(draft -> changes.add(change(null, draft, comparison)));
        batch.removed().forEach(one -> changes.add(change(known.get(one.id()), null, comparison)));
        return changes;
    }

    private static BatchChange change(
            @Nullable TlsPolicy before, @Nullable PolicyDraft after, BatchComparison comparison) {
        return new BatchChange(
                before,
                after,
                comparison.of(
                        before == null ? null : before.nextHop(),
                        after == null ? null : after.nextHop()));
    }

    /**
     * A page of the rules that a filter lets through; from memory.
     *
     * @param after the key of the last rule seen; null for the first page
     */
    public PolicyFilter.Page search(
            PolicyFilter filter, PolicyOrder order, @Nullable String after, int size) {
        return filter.page(resolver.rules(), order, after, size);
    }

    /** A next hop that a key is for. */
    private static NextHop sample(String key) {
        return key.startsWith(".")
                ? NextHop.of(new DomainName("host" + key))
                : NextHop.parse(key).orElseThrow();
    }

    private static CheckedPolicy checked(PolicyDraft draft) {
        TlsPolicy rule = rule(draft);
        return new CheckedPolicy(
                rule.nextHop(),
                rule.level(),
                rule.attributes(),
                rule.mode(),
                rule.clientCertificateId(),
                rule.note());
    }

    /** The rule a checked draft would become, under no id. */
    private static TlsPolicy rule(PolicyDraft checked) {
        return new TlsPolicy(
                -1,
                Objects.requireNonNull(checked.nextHop()),
                TlsLevel.parse(Objects.requireNonNull(checked.level())).orElseThrow(),
                Objects.requireNonNullElse(checked.attributes(), PolicyAttributes.NONE),
                Objects.requireNonNull(checked.mode()),
                checked.clientCertificateId(),
                Objects.requireNonNullElse(checked.note(), ""),
                0);
    }
}
