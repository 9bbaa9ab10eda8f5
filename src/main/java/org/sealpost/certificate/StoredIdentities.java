package org.sealpost.certificate;

import java.util.concurrent.atomic.AtomicLong;
import org.sealpost.settings.Snapshot;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** The server identity in memory, read again after every committed change. */
@Component
class StoredIdentities implements ServerIdentities {

    private final CertificateRows rows;
    private final SecretBox secrets;
    private final AtomicLong version = new AtomicLong();
    private final Snapshot<KeyIdentity> standard = new Snapshot<>(this::load);

    StoredIdentities(CertificateRows rows, SecretBox secrets) {
        this.rows = rows;
        this.secrets = secrets;
    }

    @Override
    public KeyIdentity standard() {
        return standard.get();
    }

    @Override
    public long version() {
        return version.get();
    }

    @TransactionalEventListener
    void reload(ConfigurationChanged change) {
        if (change.object().equals("certificate")) {
            standard.invalidate();
            version.incrementAndGet();
        }
    }

    private KeyIdentity load() {
        CertificateEntity row =
                rows.findFirstByPurposeOrderById(Purpose.SERVER.word())
                        .orElseThrow(() -> new IllegalStateException("no server identity"));
        String sealed = row.sealedKey();
        if (sealed == null) {
            throw new IllegalStateException("server identity " + row.id() + " has no key");
        }
        return new KeyIdentity(
                row.id(),
                PrivateKeys.decode(secrets.open(PrivateKeys.purpose(row.sha256()), sealed)),
                row.chain());
    }
}
