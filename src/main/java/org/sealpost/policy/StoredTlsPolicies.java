package org.sealpost.policy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyBatch.Action;
import org.sealpost.settings.Settings;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.tls.TlsLevel;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The TLS policy table in the database; what is asked for delivery comes from memory. */
@Service
class StoredTlsPolicies implements TlsPolicies {

    private static final String OBJECT = "policy";

    private final TlsPolicyRows rows;
    private final PolicyResolver resolver;
    private final Settings settings;
    private final CertificateSource certificates;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;

    StoredTlsPolicies(
            TlsPolicyRows rows,
            PolicyResolver resolver,
            Settings settings,
            CertificateSource certificates,
            JsonMapper json,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.resolver = resolver;
        this.settings = settings;
        this.certificates = certificates;
        this.json = json;
        this.events = events;
    }

    @Override
    public PolicyLookup lookup(NextHop nextHop) {
        return resolver.lookup(nextHop);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<TlsPolicy> find(long id) {
        return rows.findById(id).map(row -> row.toPolicy(json));
    }

    @Override
    @Transactional(readOnly = true)
    public List<TlsPolicy> page(
            @Nullable String text, @Nullable TlsLevel level, @Nullable String after, int size) {
        return rows
                .page(folded(text), word(level), after == null ? "" : after, Limit.of(size))
                .stream()
                .map(row -> row.toPolicy(json))
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public long count(@Nullable String text, @Nullable TlsLevel level) {
        return rows.count(folded(text), word(level));
    }

    @Override
    public List<TlsPolicy> all() {
        return resolver.all();
    }

    @Override
    public PolicyDraft check(PolicyDraft draft) {
        CheckedPolicy rule = checked(draft);
        return new PolicyDraft(
                rule.nextHop(),
                rule.level().word(),
                rule.attributes(),
                rule.mode(),
                rule.clientCertificateId(),
                rule.note());
    }

    @Override
    @Transactional(readOnly = true)
    public StrengthChange compare(@Nullable Long id, @Nullable PolicyDraft draft) {
        TlsPolicy before =
                id == null ? null : find(id).orElseThrow(() -> new NotFound("TLS policy", id));
        if (before == null && draft == null) {
            throw new IllegalArgumentException("neither a rule nor a draft");
        }
        return resolver.compare(before, draft == null ? null : checked(draft));
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy create(PolicyDraft draft) {
        return apply(new PolicyBatch(Action.EDIT, List.of(draft), List.of(), List.of())).getFirst();
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy update(
            long id, PolicyDraft draft, @Nullable Long expectedVersion, @Nullable String reason) {
        resolver.takeTurn();
        long version = current(id, expectedVersion).version();
        var change = new PolicyBatch.Changed(id, version, draft);
        return inTurn(new PolicyBatch(Action.EDIT, List.of(), List.of(change), List.of(), reason))
                .getFirst();
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public void delete(long id, @Nullable Long expectedVersion, @Nullable String reason) {
        resolver.takeTurn();
        long version = current(id, expectedVersion).version();
        var removal = new PolicyBatch.Removed(id, version);
        inTurn(new PolicyBatch(Action.EDIT, List.of(), List.of(), List.of(removal), reason));
    }

    // The short forms carry the annotations themselves: what calls another method of this object
    // goes past the proxy that opens the transaction and asks for the authority.

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
        List<CheckedPolicy> checked =
                checked(
                        Stream.concat(
                                        batch.added().stream(),
                                        batch.changed().stream().map(PolicyBatch.Changed::draft))
                                .toList());
        var byKey = new LinkedHashMap<String, Optional<TlsPolicy>>();
        batch.removed().forEach(removal -> remove(removal, batch, byKey));
        rows.flush(); // a removed key is free for another rule
        var stored = new ArrayList<TlsPolicy>();
        for (CheckedPolicy rule : checked.subList(0, batch.added().size())) {
            requireFree(rule.nextHop(), null);
            TlsPolicy added = rows.saveAndFlush(new TlsPolicyEntity(rule, json)).toPolicy(json);
            publish(batch, added.id(), null, added);
            byKey.put(added.nextHop(), Optional.of(added));
            stored.add(added);
        }
        for (int i = 0; i < batch.changed().size(); i++) {
            stored.add(
                    change(
                            batch.changed().get(i),
                            checked.get(batch.added().size() + i),
                            batch,
                            byKey));
        }
        resolver.afterCommit(byKey);
        return List.copyOf(stored);
    }

    private void remove(
            PolicyBatch.Removed removal,
            PolicyBatch batch,
            Map<String, Optional<TlsPolicy>> byKey) {
        TlsPolicyEntity row = current(removal.id(), removal.version());
        TlsPolicy before = row.toPolicy(json);
        rows.delete(row);
        publish(batch, removal.id(), before, null);
        byKey.put(before.nextHop(), Optional.empty());
    }

    private TlsPolicy change(
            PolicyBatch.Changed change,
            CheckedPolicy rule,
            PolicyBatch batch,
            Map<String, Optional<TlsPolicy>> byKey) {
        TlsPolicyEntity row = current(change.id(), change.version());
        requireFree(rule.nextHop(), change.id());
        TlsPolicy before = row.toPolicy(json);
        row.replaceBy(rule, json);
        TlsPolicy after = rows.saveAndFlush(row).toPolicy(json);
        publish(batch, change.id(), before, after);
        byKey.putIfAbsent(before.nextHop(), Optional.empty());
        byKey.put(after.nextHop(), Optional.of(after));
        return after;
    }

    private void publish(
            PolicyBatch batch, long id, @Nullable TlsPolicy before, @Nullable TlsPolicy after) {
        ConfigurationChanged.Action named =
                batch.action() == Action.IMPORT
                        ? ConfigurationChanged.Action.IMPORTED
                        : before == null
                                ? ConfigurationChanged.Action.CREATED
                                : after == null
                                        ? ConfigurationChanged.Action.REMOVED
                                        : ConfigurationChanged.Action.CHANGED;
        events.publishEvent(
                new ConfigurationChanged(
                        OBJECT,
                        Long.toString(id),
                        named,
                        before,
                        batch.reason() == null ? after : new Explained(after, batch.reason())));
    }

    /** A rule in the audit with the reason somebody gave for the change. */
    private record Explained(@JsonUnwrapped @Nullable TlsPolicy rule, String reason) {}

    private TlsPolicyEntity current(long id, @Nullable Long expectedVersion) {
        TlsPolicyEntity row = rows.findById(id).orElseThrow(() -> new NotFound("TLS policy", id));
        if (expectedVersion != null && row.version() != expectedVersion) {
            throw new StaleVersion("TLS policy", id);
        }
        return row;
    }

    private List<CheckedPolicy> checked(List<PolicyDraft> drafts) {
        var checked = new ArrayList<CheckedPolicy>();
        var problems = new ArrayList<InvalidInput.Problem>();
        for (PolicyDraft draft : drafts) {
            try {
                checked.add(checked(draft));
            } catch (InvalidInput invalid) {
                problems.addAll(invalid.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return checked;
    }

    private CheckedPolicy checked(PolicyDraft draft) {
        CheckedPolicy rule =
                PolicyCheck.check(draft, settings.get(TlsSettings.SECTION), certificates);
        List<String> tafile = rule.attributes().tafile();
        if (tafile != null
                && !tafile.stream().allMatch(StoredCertificates::isId)
                && !callerMay("settings:write")) {
            throw new InvalidInput(
                    "attributes.tafile",
                    "Only an administrator may name a file.",
                    "Upload the authority's certificate with purpose anchor and use its id.");
        }
        return rule;
    }

    private void requireFree(String nextHop, @Nullable Long id) {
        TlsPolicyEntity other = rows.findByNextHop(nextHop);
        if (other != null && (id == null || other.toPolicy(json).id() != id)) {
            throw new Conflict(
                    "There is already a rule for " + nextHop + ".", "Change that rule instead.");
        }
    }

    private static boolean callerMay(String authority) {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller != null
                && caller.getAuthorities().stream()
                        .anyMatch(granted -> authority.equals(granted.getAuthority()));
    }

    private static String word(@Nullable TlsLevel level) {
        return level == null ? "" : level.word();
    }

    private static String folded(@Nullable String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }
}
