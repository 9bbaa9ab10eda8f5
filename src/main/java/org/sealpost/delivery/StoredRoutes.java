package org.sealpost.delivery;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.SecretBox;
import org.sealpost.delivery.RouteTable.Routed;
import org.sealpost.delivery.Way.Credentials;
import org.sealpost.delivery.Way.Mechanism;
import org.sealpost.delivery.Way.Protocol;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
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
    private final RouteCheck check;
    private final SecretBox secrets;
    private final ApplicationEventPublisher events;
    private final Snapshot<RouteTable> table = new Snapshot<>(this::load);

    StoredRoutes(
            RouteRows rows,
            TlsPolicies policies,
            SecretBox secrets,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.check = new RouteCheck(policies);
        this.secrets = secrets;
        this.events = events;
    }

    @Override
    public NextHop nextHopFor(MailAddress recipient) {
        return table.get().find(List.of(SenderPattern.ALL), recipient).nextHop();
    }

    /**
     * The next hop with its credentials.
     *
     * @param sender null for the empty reverse path
     * @param given the next hop somebody gave this recipient; null when the routes hold
     */
    Routed route(@Nullable MailAddress sender, MailAddress recipient, @Nullable NextHop given) {
        RouteTable now = table.get();
        Routed routed = now.find(SenderPattern.keys(sender), recipient);
        return given == null ? routed : now.to(given, routed);
    }

    /** Whether a route leads there. */
    boolean names(NextHop nextHop) {
        return !leadingTo(nextHop).isEmpty();
    }

    /** The routes with this next hop. */
    List<Routed> leadingTo(NextHop nextHop) {
        return table.get().leadingTo(nextHop);
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
        return rows.findAllByOrderByPatternAscSenderAsc().stream()
                .map(RouteEntity::toRoute)
                .toList();
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
        RouteFields checked = check.check(draft, draft.password() != null);
        requireFree(checked, null);
        var row = rows.saveAndFlush(new RouteEntity(checked));
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
        RouteFields checked =
                check.check(draft, draft.password() != null || row.sealedPassword() != null);
        requireFree(checked, id);
        Route before = row.toRoute();
        row.replaceBy(checked);
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
        rows.saveAndFlush(new RouteEntity(RouteFields.plain(pattern, nextHop.text())));
    }

    private void requireFree(RouteFields checked, @Nullable Long id) {
        rows.findByPatternAndSender(checked.pattern(), checked.sender())
                .map(RouteEntity::toRoute)
                .filter(other -> id == null || other.id() != id)
                .ifPresent(other -> {
                    throw new Conflict(
                            "There is already a route for "
                                    + checked.pattern()
                                    + (checked.sender().isEmpty()
                                            ? "."
                                            : " from " + checked.sender() + "."),
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
        var loaded = new RouteTable();
        for (RouteEntity row : rows.findAll()) {
            Route route = row.toRoute();
            String sender = route.sender();
            loaded.add(
                    route.pattern(),
                    sender == null ? SenderPattern.ALL : sender,
                    new Routed(
                            NextHop.parse(route.nextHop()).orElseThrow(),
                            new Way(
                                    Protocol.parse(route.protocol()).orElseThrow(),
                                    credentials(row, route),
                                    SourceAddresses.read(route.sourceAddresses()))));
        }
        return loaded;
    }

    private @Nullable Credentials credentials(RouteEntity row, Route route) {
        String sealed = row.sealedPassword();
        String username = route.username();
        String auth = route.auth();
        return sealed == null || username == null
                ? null
                : new Credentials(
                        username,
                        new String(secrets.open(purpose(row), sealed), StandardCharsets.UTF_8),
                        auth == null ? null : Mechanism.parse(auth).orElseThrow());
    }
}
