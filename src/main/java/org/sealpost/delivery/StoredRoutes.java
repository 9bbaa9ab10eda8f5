package org.sealpost.delivery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.SecretBox;
import org.sealpost.delivery.RouteTable.Credentials;
import org.sealpost.delivery.RouteTable.Routed;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.settings.Snapshot;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/** The routing table in the database; what delivery asks comes from memory. */
@Service
class StoredRoutes implements Routes {

    private static final String OBJECT = "route";

    private final RouteRows rows;
    private final TlsPolicies policies;
    private final SecretBox secrets;
    private final ApplicationEventPublisher events;
    private final Snapshot<RouteTable> table = new Snapshot<>(this::load);

    StoredRoutes(
            RouteRows rows,
            TlsPolicies policies,
            SecretBox secrets,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.policies = policies;
        this.secrets = secrets;
        this.events = events;
    }

    @Override
    public NextHop nextHopFor(MailAddress recipient) {
        return route(null, recipient, null).nextHop();
    }

    /**
     * The next hop with its credentials.
     *
     * @param sender null for the empty reverse path
     * @param given the next hop somebody gave this recipient; null when the routes hold
     */
    Routed route(@Nullable MailAddress sender, MailAddress recipient, @Nullable NextHop given) {
        RouteTable now = table.get();
        Routed routed = now.find(recipient);
        return given == null ? routed : now.to(given, routed);
    }

    /** Whether a route leads there. */
    boolean names(NextHop nextHop) {
        return table.get().names(nextHop);
    }

    @TransactionalEventListener
    void reload(ConfigurationChanged change) {
        if (change.object().equals(OBJECT)) {
            table.invalidate();
        }
    }

    @Override
    @Transactional(readOnly = true)
    public List<Route> list() {
        return rows.findAllByOrderByPattern().stream().map(RouteEntity::toRoute).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Route> find(long id) {
        return rows.findById(id).map(RouteEntity::toRoute);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('routes:write')")
    public Route create(RouteDraft draft) {
        CheckedRoute checked = check(draft, draft.password() != null);
        requireFree(checked.pattern(), null);
        var row =
                rows.saveAndFlush(
                        new RouteEntity(checked.pattern(), checked.nextHop(), checked.username()));
        seal(row, draft.password());
        Route created = rows.saveAndFlush(row).toRoute();
        events.publishEvent(ConfigurationChanged.created(OBJECT, created.id(), created));
        return created;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('routes:write')")
    public Route update(long id, RouteDraft draft, @Nullable Long expectedVersion) {
        RouteEntity row = current(id, expectedVersion);
        CheckedRoute checked =
                check(draft, draft.password() != null || row.sealedPassword() != null);
        requireFree(checked.pattern(), id);
        Route before = row.toRoute();
        row.replaceBy(checked.pattern(), checked.nextHop(), checked.username());
        seal(row, draft.password());
        Route after = rows.saveAndFlush(row).toRoute();
        events.publishEvent(ConfigurationChanged.changed(OBJECT, id, before, after));
        return after;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('routes:write')")
    public void delete(long id, @Nullable Long expectedVersion) {
        RouteEntity row = current(id, expectedVersion);
        Route before = row.toRoute();
        rows.delete(row);
        rows.flush();
        events.publishEvent(ConfigurationChanged.removed(OBJECT, id, before));
    }

    /** Adds the first route; part of the bootstrap only. */
    void seed(String pattern, NextHop nextHop) {
        rows.saveAndFlush(new RouteEntity(pattern, nextHop.text(), null));
    }

    private record CheckedRoute(String pattern, String nextHop, @Nullable String username) {}

    private CheckedRoute check(RouteDraft draft, boolean withPassword) {
        var problems = new ArrayList<Problem>();
        String written = draft.pattern() == null ? "" : draft.pattern().strip();
        Optional<String> pattern = pattern(written);
        if (pattern.isEmpty()) {
            problems.add(
                    new Problem(
                            "pattern",
                            "“" + written + "” is not a pattern.",
                            "Write example.com, .example.com for its sub-domains, or * for all"
                                    + " other mail."));
        }
        String hop = draft.nextHop() == null ? "" : draft.nextHop();
        Optional<NextHop> nextHop = NextHop.parse(hop);
        if (nextHop.isEmpty()) {
            problems.add(
                    new Problem(
                            "nextHop",
                            "“" + hop + "” is not a next hop.",
                            "Write [mail.example.com]:587, or example.com for its MX hosts."));
        }
        String username =
                draft.username() == null || draft.username().isBlank() ? null : draft.username();
        if (draft.password() != null && username == null) {
            problems.add(
                    new Problem(
                            "username", "A password needs a user name.", "Give the user name."));
        }
        nextHop.filter(hopGiven -> username != null && withPassword)
                .flatMap(this::weakness)
                .ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return new CheckedRoute(pattern.orElseThrow(), nextHop.orElseThrow().text(), username);
    }

    private Optional<Problem> weakness(NextHop nextHop) {
        boolean strong =
                policies.lookup(nextHop) instanceof PolicyLookup.Found found
                        && found.requirement().level().authenticates();
        return strong
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                "username",
                                "A user name and password may only go to a server that proves who it"
                                        + " is, and no rule asks "
                                        + nextHop
                                        + " for that.",
                                "First give "
                                        + nextHop
                                        + " a TLS rule of level fingerprint, verify or secure."));
    }

    private static Optional<String> pattern(String text) {
        if (text.equals("*")) {
            return Optional.of(text);
        }
        return text.startsWith(".")
                ? DomainName.parse(text.substring(1)).map(domain -> "." + domain)
                : DomainName.parse(text).map(DomainName::text);
    }

    private void requireFree(String pattern, @Nullable Long id) {
        rows.findByPattern(pattern)
                .map(RouteEntity::toRoute)
                .filter(other -> id == null || other.id() != id)
                .ifPresent(other -> {
                    throw new Conflict(
                            "There is already a route for " + pattern + ".",
                            "Change that route instead.");
                });
    }

    private RouteEntity current(long id, @Nullable Long expectedVersion) {
        RouteEntity row = rows.findById(id).orElseThrow(() -> new NotFound("route", id));
        if (expectedVersion != null && row.version() != expectedVersion) {
            throw new StaleVersion("route", id);
        }
        return row;
    }

    private void seal(RouteEntity row, @Nullable String password) {
        if (password != null) {
            row.keepPassword(secrets.seal(purpose(row), password.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String purpose(RouteEntity row) {
        return "password of route " + row.toRoute().id();
    }

    private RouteTable load() {
        var routes = new HashMap<String, Routed>();
        for (RouteEntity row : rows.findAll()) {
            Route route = row.toRoute();
            routes.put(
                    route.pattern(),
                    new Routed(NextHop.parse(route.nextHop()).orElseThrow(), credentials(row)));
        }
        return new RouteTable(routes);
    }

    private @Nullable Credentials credentials(RouteEntity row) {
        String sealed = row.sealedPassword();
        String username = row.username();
        return sealed == null || username == null
                ? null
                : new Credentials(
                        username,
                        new String(secrets.open(purpose(row), sealed), StandardCharsets.UTF_8));
    }
}
