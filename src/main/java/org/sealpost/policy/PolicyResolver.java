package org.sealpost.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.ClientIdentities;
import org.sealpost.certificate.TrustedCertificates;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Answers which requirement holds for a next hop, from memory: a few hash look-ups, no lock, no
 * SQL. A rule is worked out when it is first asked for, and again when the defaults or the trusted
 * certificates have changed.
 */
@Component
class PolicyResolver {

    private static final long DEFAULT_RULE = 0;

    private static final Logger LOG = LoggerFactory.getLogger(PolicyResolver.class);
    private static final int MOST_WORKED_OUT = 10_000;

    private final RuleRows rows;
    private final Settings settings;
    private final CertificateSource source;

    private final ReentrantLock changes = new ReentrantLock();
    private volatile @Nullable PolicyTable table;
    private volatile Worked worked = new Worked(null);

    /** Rules worked out under one state of defaults and trust; replaced as a whole. */
    private record Worked(
            @Nullable TlsSettings defaults, ConcurrentHashMap<Key, Outcome> outcomes) {
        Worked(@Nullable TlsSettings defaults) {
            this(defaults, new ConcurrentHashMap<>());
        }
    }

    private record Key(long id, long version) {}

    private sealed interface Outcome {
        record Usable(CompiledPolicy policy) implements Outcome {}

        record Unusable(String reason, String remedy) implements Outcome {}
    }

    PolicyResolver(
            RuleRows rows,
            Settings settings,
            CertificateSource source,
            TrustedCertificates certificates,
            ClientIdentities identities) {
        this.rows = rows;
        this.settings = settings;
        this.source = source;
        certificates.onChange(() -> worked = new Worked(null));
        identities.onChange(() -> worked = new Worked(null));
    }

    /** Reads the table before the first mail asks for it. */
    @EventListener(ApplicationStartedEvent.class)
    void load() {
        try {
            table();
        } catch (RuntimeException e) {
            LOG.error("the TLS policy table cannot be read; all mail waits until it can be", e);
        }
    }

    PolicyLookup lookup(NextHop nextHop) {
        PolicyTable rules;
        try {
            rules = table();
        } catch (RuntimeException e) {
            LOG.error("next-hop destination {}: policy table lookup error", nextHop, e);
            return new PolicyLookup.Unusable(
                    nextHop.lookupKeys(),
                    null,
                    settings.get(TlsSettings.SECTION).level(),
                    "the policy table cannot be read.",
                    "Look into the log for what the database says.");
        }
        var tried = new ArrayList<String>();
        List<String> skipped = List.of();
        for (String key : nextHop.lookupKeys()) {
            tried.add(key);
            TlsPolicy rule = rules.get(key);
            if (rule != null && rule.isEnforced()) {
                return answer(nextHop, List.copyOf(tried), skipped, rule);
            }
            if (rule != null) {
                skipped = new ArrayList<>(skipped);
                skipped.add("The rule for " + key + " is disabled and was skipped.");
            }
        }
        return answer(nextHop, List.copyOf(tried), skipped, null);
    }

    /**
     * How a change of a rule alters what its destination has to prove.
     *
     * @param before null when there is no rule yet
     * @param after null when it is removed
     */
    StrengthChange compare(@Nullable TlsPolicy before, @Nullable CheckedPolicy after) {
        if (before != null && after != null && !before.nextHop().equals(after.nextHop())) {
            return Weakening.both(compare(before, null), compare(null, after));
        }
        TlsSettings defaults = settings.get(TlsSettings.SECTION);
        String key = before != null ? before.nextHop() : Objects.requireNonNull(after).nextHop();
        CompiledPolicy without = usable(behind(key), defaults);
        return Weakening.between(
                before == null || !before.isEnforced() ? without : usable(before, defaults),
                after == null || !after.mode().equals(TlsPolicy.ENFORCED)
                        ? without
                        : CompiledPolicy.of(
                                after.level(),
                                after.attributes(),
                                after.clientCertificateId(),
                                defaults,
                                source));
    }

    /** The rule that would hold for this key's next hops if the key were absent. */
    @Nullable TlsPolicy behind(String key) {
        return table().behind(key);
    }

    /** The rule under a key, disabled or not. */
    @Nullable TlsPolicy at(String key) {
        return table().get(key);
    }

    /**
     * Compares the table as it is with what it becomes.
     *
     * @param changes by key; an empty value removes the rule
     * @param defaults what holds then; null for what holds already
     */
    BatchComparison comparison(
            Map<String, Optional<TlsPolicy>> changes, @Nullable TlsSettings defaults) {
        TlsSettings now = settings.get(TlsSettings.SECTION);
        PolicyTable rules = table();
        return new BatchComparison(
                new BatchComparison.Side(rules, now, source),
                new BatchComparison.Side(
                        rules.with(changes), defaults == null ? now : defaults, source));
    }

    private @Nullable CompiledPolicy usable(@Nullable TlsPolicy rule, TlsSettings defaults) {
        return switch (workedOut(rule, defaults)) {
            case Outcome.Usable(CompiledPolicy policy) -> policy;
            case Outcome.Unusable _ -> null;
        };
    }

    /**
     * Lets one change of the table at a time through, from here until the end of its transaction:
     * memory then sees changes in the order of their commits, and never ends with an older rule.
     */
    void takeTurn() {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int status) {
                        changes.unlock();
                    }
                });
        changes.lock(); // only now, since outside of a transaction nobody would ever unlock it
        table(); // loaded before the change, so that it is not applied twice
    }

    /**
     * Changes the table once the running transaction, which has its turn, has committed.
     *
     * @param changes by key; an empty value removes the rule
     */
    void afterCommit(Map<String, Optional<TlsPolicy>> changes) {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        table = table().with(changes);
                    }

                    @Override
                    public int getOrder() {
                        return HIGHEST_PRECEDENCE; // also when another one fails after the commit
                    }
                });
    }

    List<TlsPolicy> all() {
        return table().all();
    }

    /** Every rule, disabled ones too, in no order and without copying the table. */
    Stream<TlsPolicy> rules() {
        return table().stream();
    }

    /** What a rule, stored or not, means for a next hop; null for the defaults. */
    PolicyLookup outlook(NextHop nextHop, @Nullable TlsPolicy rule) {
        return answer(
                nextHop,
                List.of(),
                List.of(),
                rule,
                workOut(rule, settings.get(TlsSettings.SECTION)));
    }

    private PolicyLookup answer(
            NextHop nextHop, List<String> tried, List<String> skipped, @Nullable TlsPolicy rule) {
        return answer(
                nextHop, tried, skipped, rule, workedOut(rule, settings.get(TlsSettings.SECTION)));
    }

    private PolicyLookup answer(
            NextHop nextHop,
            List<String> tried,
            List<String> skipped,
            @Nullable TlsPolicy rule,
            Outcome outcome) {
        String key = rule == null ? null : rule.nextHop();
        return switch (outcome) {
            case Outcome.Usable(CompiledPolicy policy) ->
                    new PolicyLookup.Found(
                            tried,
                            key,
                            rule,
                            policy.requirement(nextHop, key, rule == null ? null : rule.id()),
                            policy.origins(),
                            joined(skipped, policy.warnings()));
            case Outcome.Unusable(String reason, String remedy) ->
                    new PolicyLookup.Unusable(
                            tried,
                            key,
                            rule == null ? settings.get(TlsSettings.SECTION).level() : rule.level(),
                            reason,
                            remedy);
        };
    }

    private static List<String> joined(List<String> some, List<String> more) {
        return some.isEmpty() ? more : Stream.concat(some.stream(), more.stream()).toList();
    }

    private Outcome workedOut(@Nullable TlsPolicy rule, TlsSettings defaults) {
        Worked known = worked;
        if (known.defaults == null || !known.defaults.equals(defaults)) {
            known = new Worked(defaults);
            worked = known;
        }
        Key key = rule == null ? new Key(DEFAULT_RULE, 0) : new Key(rule.id(), rule.version());
        Outcome outcome = known.outcomes.get(key);
        if (outcome == null) {
            outcome = workOut(rule, defaults);
            if (known.outcomes.size() >= MOST_WORKED_OUT) {
                known.outcomes.clear(); // each is worked out again when it is next asked for
            }
            known.outcomes.put(key, outcome);
        }
        return outcome;
    }

    private Outcome workOut(@Nullable TlsPolicy rule, TlsSettings defaults) {
        try {
            return new Outcome.Usable(
                    rule == null
                            ? CompiledPolicy.ofDefault(defaults, source)
                            : CompiledPolicy.of(
                                    rule.level(),
                                    rule.attributes(),
                                    rule.clientCertificateId(),
                                    defaults,
                                    source));
        } catch (InvalidInput invalid) {
            return new Outcome.Unusable(invalid.explain(), invalid.remedy());
        }
    }

    private PolicyTable table() {
        PolicyTable known = table;
        if (known == null) {
            synchronized (this) {
                known = table;
                if (known == null) {
                    known = PolicyTable.of(rows.all());
                    table = known;
                }
            }
        }
        return known;
    }
}
