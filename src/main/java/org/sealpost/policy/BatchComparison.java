package org.sealpost.policy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.tls.TlsLevel;

/**
 * Compares what held for the keys of a batch with what holds after it, defaults included. Rules
 * that differ only in their keys are compared once, so that a million of them are.
 */
final class BatchComparison {

    private final Side before;
    private final Side after;
    private final Map<Pair, StrengthChange> known = new HashMap<>();

    /** What is required of a next hop; the defaults' when there is no rule. */
    private record Terms(
            TlsLevel level, PolicyAttributes attributes, @Nullable Long clientCertificateId) {}

    private record Pair(@Nullable Terms before, @Nullable Terms after) {}

    /** The table and the defaults at one moment. */
    record Side(PolicyTable table, TlsSettings defaults, CertificateSource certificates) {

        private @Nullable Terms terms(String key) {
            TlsPolicy rule = table.governing(key);
            return rule == null
                    ? null
                    : new Terms(rule.level(), rule.attributes(), rule.clientCertificateId());
        }

        private @Nullable CompiledPolicy compiled(@Nullable Terms terms) {
            try {
                return terms == null
                        ? CompiledPolicy.ofDefault(defaults, certificates)
                        : CompiledPolicy.of(
                                terms.level(),
                                terms.attributes(),
                                terms.clientCertificateId(),
                                defaults,
                                certificates);
            } catch (InvalidInput unusable) {
                return null;
            }
        }
    }

    BatchComparison(Side before, Side after) {
        this.before = before;
        this.after = after;
    }

    /**
     * How one change alters what its next hops have to prove.
     *
     * @param oldKey null when the rule is new
     * @param newKey null when it is removed
     */
    StrengthChange of(@Nullable String oldKey, @Nullable String newKey) {
        if (oldKey == null || newKey == null) {
            String key = oldKey == null ? newKey : oldKey;
            if (key == null) {
                throw new IllegalArgumentException("neither a rule before nor one after");
            }
            return at(key);
        }
        return oldKey.equals(newKey) ? at(oldKey) : Weakening.both(at(oldKey), at(newKey));
    }

    private StrengthChange at(String key) {
        return known.computeIfAbsent(
                new Pair(before.terms(key), after.terms(key)),
                pair ->
                        Weakening.between(
                                before.compiled(pair.before()), after.compiled(pair.after())));
    }
}
