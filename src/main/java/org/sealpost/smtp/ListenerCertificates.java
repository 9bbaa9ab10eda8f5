package org.sealpost.smtp;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateUse;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.Snapshot;
import org.sealpost.settings.Versioned;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.databind.json.JsonMapper;

/** Which certificates each listener presents; a change acts on the next connection. */
@Service
public class ListenerCertificates implements CertificateUse {

    private final ListenerRows rows;
    private final ServerIdentities identities;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;
    private final Snapshot<List<ListenerSettings>> listeners = new Snapshot<>(this::load);

    ListenerCertificates(
            ListenerRows rows,
            ServerIdentities identities,
            JsonMapper json,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.identities = identities;
        this.json = json;
        this.events = events;
    }

    /** A listener as it is stored. */
    @Transactional(readOnly = true)
    public Versioned<ListenerSettings> get(String name) {
        ListenerEntity row = row(name);
        return new Versioned<>(settings(row), row.version());
    }

    /**
     * Replaces a listener's settings. Needs {@code listeners:write}.
     *
     * @param expectedVersion the version the change is based on, or null to overwrite any
     * @throws InvalidInput when a certificate is none of ours, or when something else than the
     *     certificates would change, which is not built yet
     */
    @Transactional
    @PreAuthorize("hasAuthority('listeners:write')")
    public Versioned<ListenerSettings> update(
            String name, ListenerSettings wanted, @Nullable Long expectedVersion) {
        ListenerEntity row = row(name);
        if (expectedVersion != null && expectedVersion != row.version()) {
            throw new StaleVersion("listener", name);
        }
        ListenerSettings before = settings(row);
        ListenerSettings after = before.withCertificates(wanted.certificateIds());
        if (!after.equals(wanted)) {
            throw new InvalidInput(
                    "listener",
                    "Only certificateIds of a listener can be changed yet.",
                    "Send the document as it was read, with other certificateIds.");
        }
        for (Long id : after.certificateIds()) {
            if (id == null || identities.server(id).isEmpty()) {
                throw new InvalidInput(
                        "certificateIds",
                        "There is no server certificate with the id " + id + ".",
                        "Upload certificate and key with purpose server and use its id.");
            }
        }
        row.replace(json.writeValueAsString(after));
        rows.saveAndFlush(row);
        events.publishEvent(ConfigurationChanged.changed("listener", name, before, after));
        return new Versioned<>(after, row.version());
    }

    @Override
    @Transactional(readOnly = true)
    public List<String> of(long certificateId) {
        return load().stream()
                .filter(listener -> listener.certificateIds().contains(certificateId))
                .map(listener -> "the listener " + listener.name())
                .toList();
    }

    /** What a listener presents, from memory. */
    Supplier<List<Long>> of(String name) {
        return () ->
                listeners.get().stream()
                        .filter(listener -> listener.name().equals(name))
                        .findFirst()
                        .map(ListenerSettings::certificateIds)
                        .orElse(List.of());
    }

    @TransactionalEventListener
    @Order(Ordered.HIGHEST_PRECEDENCE) // also when another step fails after the commit
    void reload(ConfigurationChanged change) {
        if (change.object().equals("listener")) {
            listeners.invalidate();
        }
    }

    private List<ListenerSettings> load() {
        return rows.findAll().stream().map(this::settings).toList();
    }

    private ListenerEntity row(String name) {
        return rows.findById(name).orElseThrow(() -> new NotFound("listener", name));
    }

    private ListenerSettings settings(ListenerEntity row) {
        return Objects.requireNonNull(json.readValue(row.document(), ListenerSettings.class));
    }
}
