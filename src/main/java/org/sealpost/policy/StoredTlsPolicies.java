package org.sealpost.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyBatch.Action;
import org.sealpost.settings.Settings;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The TLS policy table in the database; what is asked for delivery comes from memory. */
@Service
class StoredTlsPolicies implements TlsPolicies {

    /** The owner of a key that a new rule takes; no row has this id. */
    private static final long NEW = -1;

    private final RuleRows table;
    private final PolicyResolver resolver;
    private final Settings settings;
    private final CertificateSource certificates;
    private final ApplicationEventPublisher events;

    StoredTlsPolicies(
            RuleRows table,
            PolicyResolver resolver,
            Settings settings,
            CertificateSource certificates,
            ApplicationEventPublisher events) {
        this.table = table;
        this.resolver = resolver;
        this.settings = settings;
        this.certificates = certificates;
        this.events = events;
    }

    @Override
    public PolicyLookup lookup(NextHop nextHop) {
        return resolver.lookup(nextHop);
    }

    @Override
    public TlsRequirement byDefault(NextHop nextHop, TlsLevel level) {
        return CompiledPolicy.of(
                        level,
                        PolicyAttributes.NONE,
                        null,
                        settings.get(TlsSettings.SECTION),
                        certificates)
                .requirement(nextHop, null, null);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<TlsPolicy> find(long id) {
        return Optional.ofNullable(table.find(List.of(id)).get(id));
    }

    @Override
    public List<TlsPolicy> all() {
        return resolver.all();
    }

    @Override
    public PolicyDraft check(PolicyDraft draft) {
        return checkUnder(settings.get(TlsSettings.SECTION)).apply(draft);
    }

    @Override
    public UnaryOperator<PolicyDraft> checkUnder(TlsSettings defaults) {
        PolicyCheck check = newCheck(defaults);
        return draft -> {
            CheckedPolicy rule = check.check(draft);
            return new PolicyDraft(
                    rule.nextHop(),
                    rule.level().word(),
                    rule.attributes(),
                    rule.mode(),
                    rule.clientCertificateId(),
                    rule.note());
        };
    }

    @Override
    @Transactional(readOnly = true)
    public StrengthChange compare(@Nullable Long id, @Nullable PolicyDraft draft) {
        TlsPolicy before =
                id == null ? null : find(id).orElseThrow(() -> new NotFound("TLS policy", id));
        if (before == null && draft == null) {
            throw new IllegalArgumentException("neither a rule nor a draft");
        }
        return resolver.compare(
                before,
                draft == null ? null : newCheck(settings.get(TlsSettings.SECTION)).check(draft));
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy create(PolicyDraft draft, @Nullable String reason) {
        var batch = new PolicyBatch(Action.EDIT, List.of(draft), List.of(), List.of());
        return apply(batch.because(reason)).getFirst();
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy update(
            long id, PolicyDraft draft, @Nullable Long expectedVersion, @Nullable String reason) {
        resolver.takeTurn();
        long version = current(id, expectedVersion).version();
        var change = new PolicyBatch.Changed(id, version, draft);
        return inTurn(
                        new PolicyBatch(Action.EDIT, List.of(), List.of(change), List.of())
                                .because(reason))
                .getFirst();
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public void delete(long id, @Nullable Long expectedVersion, @Nullable String reason) {
        resolver.takeTurn();
        long version = current(id, expectedVersion).version();
        var removal = new PolicyBatch.Removed(id, version);
        inTurn(
                new PolicyBatch(Action.EDIT, List.of(), List.of(), List.of(removal))
                        .because(reason));
    }

    // The short forms carry the annotations themselves: what calls another method of this object
    // goes past the proxy that opens the transaction and asks for the authority.

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy create(PolicyDraft draft) {
        return create(draft, null);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy update(long id, PolicyDraft draft, @Nullable Long expectedVersion) {
        return update(id, draft, expectedVersion, null);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public void delete(long id, @Nullable Long expectedVersion) {
        delete(id, expectedVersion, null);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public List<TlsPolicy> apply(PolicyBatch batch) {
        resolver.takeTurn();
        return inTurn(batch);
    }

    private List<TlsPolicy> inTurn(PolicyBatch batch) {
        List<CheckedPolicy> drafts = checked(batch);
        List<CheckedPolicy> added = drafts.subList(0, batch.added().size());
        List<CheckedPolicy> replacements = drafts.subList(added.size(), drafts.size());
        Map<Long, TlsPolicy> before = table.find(batch.ids());
        List<TlsPolicy> removed =
                batch.removed().stream()
                        .map(one -> current(before, one.id(), one.version()))
                        .toList();
        List<TlsPolicy> changed =
                batch.changed().stream()
                        .map(one -> current(before, one.id(), one.version()))
                        .toList();

        table.remove(removed); // a removed key is free for another rule
        requireFree(added, changed, replacements);
        List<TlsPolicy> stored = new ArrayList<>(table.insert(added));
        stored.addAll(table.replace(changed, replacements));

        var byKey = new LinkedHashMap<String, Optional<TlsPolicy>>();
        removed.forEach(rule -> byKey.put(rule.nextHop(), Optional.empty()));
        changed.forEach(rule -> byKey.put(rule.nextHop(), Optional.empty()));
        stored.forEach(rule -> byKey.put(rule.nextHop(), Optional.of(rule)));
        events.publishEvent(
                PolicyAudit.of(
                        batch,
                        removed,
                        changed,
                        stored,
                        resolver.comparison(byKey, batch.defaults())));
        resolver.afterCommit(byKey);
        return List.copyOf(stored);
    }

    /** Refuses a key that another rule has, or gets before it in the same batch. */
    private void requireFree(
            List<CheckedPolicy> added, List<TlsPolicy> changed, List<CheckedPolicy> replacements) {
        Map<String, Long> owners =
                table.owners(
                        Stream.concat(added.stream(), replacements.stream())
                                .map(CheckedPolicy::nextHop)
                                .toList());
        added.forEach(rule -> take(owners, rule.nextHop(), NEW));
        for (int i = 0; i < changed.size(); i++) {
            owners.remove(changed.get(i).nextHop(), changed.get(i).id());
            take(owners, replacements.get(i).nextHop(), changed.get(i).id());
        }
    }

    private static void take(Map<String, Long> owners, String nextHop, long id) {
        if (owners.putIfAbsent(nextHop, id) != null) {
            throw new Conflict(
                    "There is already a rule for " + nextHop + ".", "Change that rule instead.");
        }
    }

    private static TlsPolicy current(
            Map<Long, TlsPolicy> rules, long id, @Nullable Long expectedVersion) {
        TlsPolicy rule = rules.get(id);
        if (rule == null) {
            throw new NotFound("TLS policy", id);
        }
        if (expectedVersion != null && rule.version() != expectedVersion) {
            throw new StaleVersion("TLS policy", id);
        }
        return rule;
    }

    private TlsPolicy current(long id, @Nullable Long expectedVersion) {
        return current(table.find(List.of(id)), id, expectedVersion);
    }

    private List<CheckedPolicy> checked(PolicyBatch batch) {
        TlsSettings defaults =
                batch.defaults() == null ? settings.get(TlsSettings.SECTION) : batch.defaults();
        PolicyCheck check = newCheck(defaults);
        var checked = new ArrayList<CheckedPolicy>();
        var problems = new ArrayList<InvalidInput.Problem>();
        for (PolicyDraft draft : batch.drafts()) {
            try {
                checked.add(check.check(draft));
            } catch (InvalidInput invalid) {
                problems.addAll(invalid.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return checked;
    }

    private PolicyCheck newCheck(TlsSettings defaults) {
        return new PolicyCheck(
                defaults,
                certificates,
                callerMay("settings:write")
                        ? (_, _) -> true
                        : (key, file) -> alreadyNames(resolver.at(key), file));
    }

    /**
     * Whether an administrator let this rule trust that file; another key would be another rule.
     */
    private static boolean alreadyNames(@Nullable TlsPolicy rule, String file) {
        return rule != null
                && rule.attributes().tafile() != null
                && rule.attributes().tafile().contains(file);
    }

    private static boolean callerMay(String authority) {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller != null
                && caller.getAuthorities().stream()
                        .anyMatch(granted -> authority.equals(granted.getAuthority()));
    }
}
