package org.sealpost.certificate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.reading.KeyFormats;
import org.sealpost.settings.Snapshot;
import org.sealpost.settings.events.ConfigurationChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** The identities in memory, read again after every committed change. */
@Component
class StoredIdentities implements ServerIdentities, ClientIdentities {

    private static final Logger LOG = LoggerFactory.getLogger(StoredIdentities.class);

    private final CertificateRows rows;
    private final SecretBox secrets;
    private final AtomicLong version = new AtomicLong();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Snapshot<Identities> identities = new Snapshot<>(this::load);

    private record Identities(
            Map<Long, KeyIdentity> servers,
            Map<Long, KeyIdentity> clients,
            @Nullable KeyIdentity standard) {}

    StoredIdentities(CertificateRows rows, SecretBox secrets) {
        this.rows = rows;
        this.secrets = secrets;
    }

    @Override
    public KeyIdentity standard() {
        KeyIdentity standard = identities.get().standard;
        if (standard == null) {
            throw new IllegalStateException("no server identity can be read");
        }
        return standard;
    }

    @Override
    public Optional<KeyIdentity> server(long id) {
        return Optional.ofNullable(identities.get().servers.get(id));
    }

    @Override
    public Optional<KeyIdentity> client(long id) {
        return Optional.ofNullable(identities.get().clients.get(id));
    }

    @Override
    public long version() {
        return version.get();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @TransactionalEventListener
    void reload(ConfigurationChanged change) {
        if (change.object().equals("certificate")) {
            identities.invalidate();
            version.incrementAndGet();
            listeners.forEach(Runnable::run);
        }
    }

    private Identities load() {
        var servers = new HashMap<Long, KeyIdentity>();
        var clients = new HashMap<Long, KeyIdentity>();
        KeyIdentity standard = null;
        for (CertificateEntity row : rows.findBySealedKeyIsNotNullOrderById()) {
            KeyIdentity identity = open(row);
            if (identity != null && row.purpose() == Purpose.CLIENT) {
                clients.put(row.id(), identity);
            }
            if (identity != null && row.purpose() == Purpose.SERVER) {
                servers.put(row.id(), identity);
                standard = standard == null ? identity : standard;
            }
        }
        return new Identities(Map.copyOf(servers), Map.copyOf(clients), standard);
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
