package org.sealpost.certificate;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.reading.KeyFormats;
import org.sealpost.settings.Snapshot;
import org.sealpost.settings.events.ConfigurationChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The identities in memory, read again after every committed change and when a planned switch to a
 * successor comes due.
 */
@Component
class StoredIdentities implements ServerIdentities, ClientIdentities {

    private static final Logger LOG = LoggerFactory.getLogger(StoredIdentities.class);

    private final CertificateRows rows;
    private final SuccessionRows successions;
    private final SecretBox secrets;
    private final Clock clock;
    private final AtomicLong version = new AtomicLong();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Snapshot<Identities> identities = new Snapshot<>(this::load);

    /** By every id that names them, those of removed predecessors included. */
    private record Identities(
            Map<Long, KeyIdentity> servers,
            Map<Long, KeyIdentity> clients,
            @Nullable KeyIdentity standard,
            @Nullable Instant oldFrom) {}

    StoredIdentities(
            CertificateRows rows, SuccessionRows successions, SecretBox secrets, Clock clock) {
        this.rows = rows;
        this.successions = successions;
        this.secrets = secrets;
        this.clock = clock;
    }

    @Override
    public KeyIdentity standard() {
        KeyIdentity standard = current().standard;
        if (standard == null) {
            throw new IllegalStateException("no server identity can be read");
        }
        return standard;
    }

    @Override
    public Optional<KeyIdentity> server(long id) {
        return Optional.ofNullable(current().servers.get(id));
    }

    @Override
    public Optional<KeyIdentity> client(long id) {
        return Optional.ofNullable(current().clients.get(id));
    }

    @Override
    public long version() {
        current();
        return version.get();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @TransactionalEventListener
    @Order(Ordered.HIGHEST_PRECEDENCE) // also when another step fails after the commit
    void reload(ConfigurationChanged change) {
        if (change.object().equals("certificate")) {
            changed();
        }
    }

    private void changed() {
        identities.invalidate();
        version.incrementAndGet();
        listeners.forEach(Runnable::run);
    }

    private Identities current() {
        Instant oldFrom = identities.get().oldFrom;
        if (oldFrom != null && !clock.instant().isBefore(oldFrom)) {
            changed();
        }
        return identities.get();
    }

    private Identities load() {
        var planned =
                new Successions(
                        successions.findAll().stream().map(SuccessionEntity::toSuccession).toList(),
                        clock.instant());
        var byId = new HashMap<Long, KeyIdentity>();
        var purposes = new HashMap<Long, Purpose>();
        for (CertificateEntity row : rows.findBySealedKeyIsNotNullOrderById()) {
            KeyIdentity identity = open(row);
            if (identity != null && row.purpose().isIdentity()) {
                byId.put(row.id(), identity);
                purposes.put(row.id(), row.purpose());
            }
        }
        var servers = new HashMap<Long, KeyIdentity>();
        var clients = new HashMap<Long, KeyIdentity>();
        Stream.concat(byId.keySet().stream(), planned.ids().stream())
                .distinct()
                .forEach(id -> {
                    long inForce = planned.inForce(id);
                    KeyIdentity identity = byId.get(inForce);
                    if (identity != null) {
                        (purposes.get(inForce) == Purpose.SERVER ? servers : clients)
                                .put(id, identity);
                    }
                });
        KeyIdentity standard =
                servers.keySet().stream().min(Long::compare).map(servers::get).orElse(null);
        return new Identities(
                Map.copyOf(servers),
                Map.copyOf(clients),
                standard,
                planned.nextSwitch().orElse(null));
    }

    /** One key that cannot be read must not take the others from the listeners. */
    private @Nullable KeyIdentity open(CertificateEntity row) {
        String sealed = row.sealedKey();
        if (sealed == null) {
            return null;
        }
        try {
            byte[] pkcs8 = secrets.open(PrivateKeys.purpose(row.sha256()), sealed);
            return new KeyIdentity(row.id(), KeyFormats.decode(pkcs8), row.chain());
        } catch (IllegalStateException | IllegalArgumentException e) {
            LOG.error(
                    "the private key of certificate {} cannot be read: {}", row.id(), e.toString());
            return null;
        }
    }
}
