package org.sealpost.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.NextHop;

/**
 * The rules by key: an immutable table whose look-up costs the same at any size. A change makes a
 * new table that shares the large part and copies only the small one.
 */
final class PolicyTable {

    private static final int MOST_CHANGES = 1_000;

    private final Map<String, TlsPolicy> rules;

    /** Changes since {@link #rules} was built; an empty value marks a removed rule. */
    private final Map<String, Optional<TlsPolicy>> changes;

    private PolicyTable(Map<String, TlsPolicy> rules, Map<String, Optional<TlsPolicy>> changes) {
        this.rules = rules;
        this.changes = changes;
    }

    static PolicyTable of(Collection<TlsPolicy> policies) {
        var rules = HashMap.<String, TlsPolicy>newHashMap(policies.size());
        policies.forEach(policy -> rules.put(policy.nextHop(), policy));
        return over(rules);
    }

    /** A table over this map, which must not change any more. */
    static PolicyTable over(Map<String, TlsPolicy> rules) {
        return new PolicyTable(rules, Map.of());
    }

    /** The rule under this key, disabled or not. */
    @Nullable TlsPolicy get(String key) {
        Optional<TlsPolicy> changed = changes.get(key);
        return changed == null ? rules.get(key) : changed.orElse(null);
    }

    /** The rule that holds for a key's next hops, disabled ones left out. */
    @Nullable TlsPolicy governing(String key) {
        TlsPolicy rule = get(key);
        return rule != null && rule.isEnforced() ? rule : behind(key);
    }

    /** The rule that would hold for this key's next hops if the key were absent. */
    @Nullable TlsPolicy behind(String key) {
        List<String> parents =
                key.startsWith(".")
                        ? new DomainName(key.substring(1)).parents()
                        : NextHop.parse(key).orElseThrow().lookupKeys();
        return parents.stream()
                .filter(parent -> !parent.equals(key))
                .map(this::get)
                .filter(rule -> rule != null && rule.isEnforced())
                .findFirst()
                .orElse(null);
    }

    /** Every rule in no order. */
    Stream<TlsPolicy> stream() {
        return Stream.concat(
                rules.values().stream().filter(rule -> !changes.containsKey(rule.nextHop())),
                changes.values().stream().flatMap(Optional::stream));
    }

    /** Every rule, ordered by key. */
    List<TlsPolicy> all() {
        var all = new HashMap<>(rules);
        apply(changes, all);
        return all.values().stream().sorted(Comparator.comparing(TlsPolicy::nextHop)).toList();
    }

    /** The table after some changes; an empty value removes the rule under its key. */
    PolicyTable with(Map<String, Optional<TlsPolicy>> more) {
        var newChanges = new HashMap<>(changes);
        newChanges.putAll(more);
        if (newChanges.size() <= MOST_CHANGES) {
            return new PolicyTable(rules, newChanges);
        }
        var merged = new HashMap<>(rules);
        apply(newChanges, merged);
        return new PolicyTable(merged, Map.of());
    }

    private static void apply(
            Map<String, Optional<TlsPolicy>> changes, Map<String, TlsPolicy> rules) {
        changes.forEach((key, rule) ->
                rule.ifPresentOrElse(present -> rules.put(key, present), () -> rules.remove(key)));
    }
}
