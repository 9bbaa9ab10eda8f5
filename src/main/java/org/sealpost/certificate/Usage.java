package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Who uses a stored certificate, renewals included: a successor is used by whoever names the old.
 */
@Component
class Usage {

    private final CertificateRows rows;
    private final SuccessionRows successions;
    private final List<CertificateUse> uses;
    private final Clock clock;

    Usage(
            CertificateRows rows,
            SuccessionRows successions,
            List<CertificateUse> uses,
            Clock clock) {
        this.rows = rows;
        this.successions = successions;
        this.uses = List.copyOf(uses);
        this.clock = clock;
    }

    Successions successions() {
        return new Successions(
                successions.findAll().stream().map(SuccessionEntity::toSuccession).toList(),
                clock.instant());
    }

    /** Who would be without it. */
    List<String> of(CertificateEntity row, Successions now) {
        Set<Long> names = now.namesOf(row.id());
        var users = new ArrayList<>(names.stream().flatMap(this::named).distinct().toList());
        if (row.purpose() == Purpose.SERVER && names.contains(standard(now))) {
            users.add("the listeners that name no certificate");
        }
        now.stagedFor(row.id())
                .forEach(old -> users.add("the certificate " + old + ", which it is to follow"));
        return users;
    }

    /** Who pins it; a pin goes on without the stored certificate. */
    List<String> pinning(X509Certificate certificate) {
        return uses.stream()
                .flatMap(use -> use.pinning(certificate).stream())
                .map(who -> who + " (pinned)")
                .toList();
    }

    /** Why who uses a certificate could not use another in its place, a sentence each. */
    List<String> unfit(long id, X509Certificate successor) {
        Set<Long> names = successions().namesOf(id);
        return Stream.concat(Stream.of(id), names.stream())
                .distinct()
                .flatMap(name -> uses.stream().flatMap(use -> use.unfit(name, successor).stream()))
                .distinct()
                .toList();
    }

    private Stream<String> named(long id) {
        return uses.stream().map(use -> use.of(id)).flatMap(Collection::stream);
    }

    /** The id under which listeners find the identity they present by default. */
    private long standard(Successions now) {
        Stream<Long> stored =
                rows
                        .findFirstByPurposeAndSealedKeyIsNotNullOrderById(Purpose.SERVER.word())
                        .stream()
                        .map(CertificateEntity::id);
        Stream<Long> renewed =
                now.ids().stream()
                        .filter(id ->
                                rows.findById(now.inForce(id))
                                        .filter(row -> row.purpose() == Purpose.SERVER)
                                        .isPresent());
        return Stream.concat(stored, renewed).min(Long::compare).orElse(-1L);
    }
}
