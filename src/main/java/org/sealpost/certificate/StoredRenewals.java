package org.sealpost.certificate;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Renewals as rows that say which certificate takes which one's place. */
@Service
class StoredRenewals implements Renewals {

    private static final String FIELD = "certificateId";

    private final CertificateRows certificates;
    private final SuccessionRows rows;
    private final Usage usage;
    private final CertificateStore store;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    StoredRenewals(
            CertificateRows certificates,
            SuccessionRows rows,
            Usage usage,
            CertificateStore store,
            ApplicationEventPublisher events,
            Clock clock) {
        this.certificates = certificates;
        this.rows = rows;
        this.usage = usage;
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public StoredCertificate stage(long id, long successorId, @Nullable Instant switchAt) {
        CertificateEntity old = row(id);
        CertificateEntity next =
                certificates
                        .findById(successorId)
                        .orElseThrow(() -> unfit("There is no certificate with that id."));
        check(old, next);
        SuccessionEntity row = rows.findById(id).orElse(null);
        Map<String, Object> before = describe(row == null ? null : row.toSuccession());
        if (row == null) {
            row = new SuccessionEntity(id, successorId, switchAt);
        } else {
            row.stage(successorId, switchAt);
        }
        return saved(old, rows.saveAndFlush(row), before);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public StoredCertificate switchNow(long id) {
        CertificateEntity old = row(id);
        SuccessionEntity row = staged(id);
        Map<String, Object> before = describe(row.toSuccession());
        usable(old, row(row.toSuccession().successorId()));
        row.switchAt(clock.instant());
        return saved(old, rows.saveAndFlush(row), before);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public StoredCertificate cancel(long id) {
        CertificateEntity old = row(id);
        SuccessionEntity row = staged(id);
        Map<String, Object> before = describe(row.toSuccession());
        rows.delete(row);
        rows.flush();
        return saved(old, null, before);
    }

    private StoredCertificate saved(
            CertificateEntity old, @Nullable SuccessionEntity row, Map<String, Object> before) {
        Map<String, Object> after = describe(row == null ? null : row.toSuccession());
        events.publishEvent(ConfigurationChanged.changed("certificate", old.id(), before, after));
        return store.view(old);
    }

    private void check(CertificateEntity old, CertificateEntity next) {
        if (!old.purpose().isIdentity() || next.purpose() != old.purpose()) {
            throw unfit(
                    "Only a server certificate can follow a server certificate, and a client"
                            + " certificate a client certificate.");
        }
        if (!PrivateKeys.isForTls(next.chain().getFirst().getPublicKey())
                && PrivateKeys.isForTls(old.chain().getFirst().getPublicKey())) {
            throw unfit("TLS here cannot present a certificate with an Ed25519 key.");
        }
        usable(old, next);
        if (usage.successions().wouldCircle(old.id(), next.id())) {
            throw unfit("That certificate is itself to be followed by this one.");
        }
    }

    /** A listener that cannot present what follows would be without TLS from then on. */
    private void usable(CertificateEntity old, CertificateEntity next) {
        usage.unfit(old.id(), next.chain().getFirst()).stream()
                .findFirst()
                .ifPresent(reason -> {
                    throw new InvalidInput(
                            FIELD,
                            reason,
                            "Change the groups of the listener first, or choose a certificate with"
                                    + " another key.");
                });
    }

    private CertificateEntity row(long id) {
        return certificates.findById(id).orElseThrow(() -> new NotFound("certificate", id));
    }

    private SuccessionEntity staged(long id) {
        return rows.findById(id)
                .orElseThrow(() ->
                        new Conflict(
                                "No certificate is staged to follow this one.",
                                "Stage one first: PUT its id to /certificates/"
                                        + id
                                        + "/successor."));
    }

    private static InvalidInput unfit(String reason) {
        return new InvalidInput(
                FIELD, reason, "Give the id of a stored certificate of the same purpose.");
    }

    private static Map<String, Object> describe(@Nullable Succession succession) {
        var values = new LinkedHashMap<String, Object>();
        if (succession != null) {
            values.put("successor", succession.successorId());
            values.put("switchAt", String.valueOf(succession.switchAt()));
        }
        return values;
    }
}
