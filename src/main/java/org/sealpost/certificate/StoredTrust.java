package org.sealpost.certificate;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.sealpost.settings.Snapshot;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Trust anchors in memory, read again from the database when they are next asked for after a
 * change.
 */
@Component
class StoredTrust implements TrustedCertificates {

    private final CertificateRows rows;
    private final Set<TrustAnchor> system;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Snapshot<Trust> trust = new Snapshot<>(this::load);

    private record Trust(
            Set<TrustAnchor> global,
            Set<TrustAnchor> withSystem,
            Map<Long, List<X509Certificate>> anchors,
            Map<X500Principal, List<X509Certificate>> bySubject) {}

    StoredTrust(CertificateRows rows) {
        this.rows = rows;
        this.system = SystemTrust.load();
    }

    @Override
    public Set<TrustAnchor> global(boolean systemToo) {
        Trust now = trust.get();
        return systemToo ? now.withSystem : now.global;
    }

    @Override
    public List<X509Certificate> anchors(long certificateId) {
        return trust.get().anchors.getOrDefault(certificateId, List.of());
    }

    /** All authorities known here, those of single rules included, that its issuer may be. */
    List<X509Certificate> issuersOf(X509Certificate certificate) {
        return trust.get().bySubject.getOrDefault(certificate.getIssuerX500Principal(), List.of());
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @TransactionalEventListener
    @Order(Ordered.HIGHEST_PRECEDENCE) // also when another step fails after the commit
    void reload(ConfigurationChanged change) {
        if (change.object().equals("certificate")) {
            trust.invalidate();
            listeners.forEach(Runnable::run);
        }
    }

    private Trust load() {
        var global = new HashSet<TrustAnchor>();
        var anchors = new HashMap<Long, List<X509Certificate>>();
        for (CertificateEntity row : rows.findAll()) {
            if (row.purpose() == Purpose.TRUST) {
                row.chain().forEach(trusted -> global.add(new TrustAnchor(trusted, null)));
            }
            if (row.purpose() == Purpose.TRUST || row.purpose() == Purpose.ANCHOR) {
                anchors.put(row.id(), List.copyOf(row.chain()));
            }
        }
        var withSystem = new HashSet<>(system);
        withSystem.addAll(global);
        return new Trust(
                Set.copyOf(global),
                Set.copyOf(withSystem),
                Map.copyOf(anchors),
                bySubject(withSystem, anchors.values()));
    }

    private static Map<X500Principal, List<X509Certificate>> bySubject(
            Set<TrustAnchor> global, Collection<List<X509Certificate>> anchors) {
        return Stream.concat(
                        global.stream().map(TrustAnchor::getTrustedCert),
                        anchors.stream().flatMap(List::stream))
                .distinct()
                .collect(Collectors.groupingBy(X509Certificate::getSubjectX500Principal));
    }
}
