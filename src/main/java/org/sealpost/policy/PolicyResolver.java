package org.sealpost.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.TrustedCertificates;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.settings.Settings;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers which requirement holds for a next hop, from memory: a few hash look-ups, no lock, no
 * SQL. A rule is worked out when it is first asked for, and again when the defaults or the trusted
 * certificates have changed.
 */
@Component
class PolicyResolver {

    private static final long DEFAULT_RULE = 0;

    private final TlsPolicyRows rows;
    private final Settings settings;
    private final Anchors anchors;
    private final JsonMapper json;

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
            TlsPolicyRows rows,
            Settings settings,
            Anchors anchors,
            TrustedCertificates certificates,
            JsonMapper json) {
        this.rows = rows;
        this.settings = settings;
        this.anchors = anchors;
        this.json = json;
        certificates.onChange(() -> worked = new Worked(null));
    }

    PolicyLookup lookup(NextHop nextHop) {
        PolicyTable rules = table();
        var tried = new ArrayList<String>();
        for (String key : nextHop.lookupKeys()) {
            tried.add(key);
            TlsPolicy rule = rules.get(key);
            if (rule != null) {
                return answer(nextHop, List.copyOf(tried), key, rule);
            }
        }
        return answer(nextHop, List.copyOf(tried), null, null);
    }

    /**
     * Lets one change of the table at a time through, from here until the end of its transaction:
     * memory then sees changes in the order of their commits, and never ends with an older rule.
     */
    void takeTurn() {
        changes.lock();
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int status) {
                        changes.unlock();
                    }
                });
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

    private PolicyLookup answer(
            NextHop nextHop, List<String> tried, @Nullable String key, @Nullable TlsPolicy rule) {
        TlsSettings defaults = settings.get(TlsSettings.SECTION);
        return switch (workedOut(rule, defaults)) {
            case Outcome.Usable(CompiledPolicy policy) ->
                    new PolicyLookup.Found(
                            tried,
                            key,
                            rule,
                            policy.requirement(nextHop, key, rule == null ? null : rule.id()),
                            policy.warnings());
            case Outcome.Unusable(String reason, String remedy) ->
                    new PolicyLookup.Unusable(
                            tried,
                            key,
                            rule == null ? defaults.level() : rule.level(),
                            reason,
                            remedy);
        };
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
            known.outcomes.put(key, outcome);
        }
        return outcome;
    }

    private Outcome workOut(@Nullable TlsPolicy rule, TlsSettings defaults) {
        try {
            return new Outcome.Usable(
                    rule == null
                            ? CompiledPolicy.of(
                                    defaults.level(), PolicyAttributes.NONE, defaults, anchors)
                            : CompiledPolicy.of(
                                    rule.level(), rule.attributes(), defaults, anchors));
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
                    known =
                            PolicyTable.of(
                                    rows.findAll().stream()
                                            .map(row -> row.toPolicy(json))
                                            .toList());
                    table = known;
                }
            }
        }
        return known;
    }
}
