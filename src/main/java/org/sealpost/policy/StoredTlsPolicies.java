package org.sealpost.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.Settings;
import org.sealpost.settings.events.ConfigurationChanged;
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
    private final Anchors anchors;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;

    StoredTlsPolicies(
            TlsPolicyRows rows,
            PolicyResolver resolver,
            Settings settings,
            Anchors anchors,
            JsonMapper json,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.resolver = resolver;
        this.settings = settings;
        this.anchors = anchors;
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
    public List<TlsPolicy> page(@Nullable String text, @Nullable String after, int size) {
        return rows.page(folded(text), after == null ? "" : after, Limit.of(size)).stream()
                .map(row -> row.toPolicy(json))
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public long count(@Nullable String text) {
        return rows.count(folded(text));
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy create(PolicyDraft draft) {
        resolver.takeTurn();
        CheckedPolicy rule = checked(draft);
        requireFree(rule.nextHop(), null);
        TlsPolicy created = rows.saveAndFlush(new TlsPolicyEntity(rule, json)).toPolicy(json);
        events.publishEvent(ConfigurationChanged.created(OBJECT, created.id(), created));
        resolver.afterCommit(table -> table.with(created));
        return created;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public TlsPolicy update(long id, PolicyDraft draft, @Nullable Long expectedVersion) {
        resolver.takeTurn();
        TlsPolicyEntity row = current(id, expectedVersion);
        CheckedPolicy rule = checked(draft);
        requireFree(rule.nextHop(), id);
        TlsPolicy before = row.toPolicy(json);
        row.replaceBy(rule, json);
        TlsPolicy after = rows.saveAndFlush(row).toPolicy(json);
        events.publishEvent(ConfigurationChanged.changed(OBJECT, id, before, after));
        resolver.afterCommit(table -> table.without(before.nextHop()).with(after));
        return after;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:write')")
    public void delete(long id, @Nullable Long expectedVersion) {
        resolver.takeTurn();
        TlsPolicyEntity row = current(id, expectedVersion);
        TlsPolicy before = row.toPolicy(json);
        rows.delete(row);
        rows.flush();
        events.publishEvent(ConfigurationChanged.removed(OBJECT, id, before));
        resolver.afterCommit(table -> table.without(before.nextHop()));
    }

    private TlsPolicyEntity current(long id, @Nullable Long expectedVersion) {
        TlsPolicyEntity row = rows.findById(id).orElseThrow(() -> new NotFound("TLS policy", id));
        if (expectedVersion != null && row.version() != expectedVersion) {
            throw new StaleVersion("TLS policy", id);
        }
        return row;
    }

    private CheckedPolicy checked(PolicyDraft draft) {
        CheckedPolicy rule = PolicyCheck.check(draft, settings.get(TlsSettings.SECTION), anchors);
        List<String> tafile = rule.attributes().tafile();
        if (tafile != null
                && !tafile.stream().allMatch(StoredAnchors::isId)
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

    private static String folded(@Nullable String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }
}
