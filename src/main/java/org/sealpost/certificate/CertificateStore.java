package org.sealpost.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sealpost.certificate.CertificateQuery.Header;
import org.sealpost.certificate.reading.KeyFormats;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The stored certificates, as administrators see and change them. */
@Service
class CertificateStore implements Certificates {

    private final CertificateRows rows;
    private final SecretBox secrets;
    private final SurroundingsNow surroundings;
    private final Usage usage;
    private final SuccessionRows successionRows;
    private final RequestRows requestRows;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    CertificateStore(
            CertificateRows rows,
            SecretBox secrets,
            SurroundingsNow surroundings,
            Usage usage,
            SuccessionRows successionRows,
            RequestRows requestRows,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.secrets = secrets;
        this.surroundings = surroundings;
        this.usage = usage;
        this.successionRows = successionRows;
        this.requestRows = requestRows;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    public List<StoredCertificate> page(CertificateQuery query) {
        String after = query.after();
        List<Long> ids =
                search(query).stream()
                        .filter(header ->
                                after == null
                                        || query.order().compare(query.keyOf(header), after) > 0)
                        .sorted(Comparator.comparing(query::keyOf, query.order()))
                        .limit(query.size())
                        .map(Header::id)
                        .toList();
        Map<Long, CertificateEntity> found =
                rows.findAllById(ids).stream()
                        .collect(Collectors.toMap(CertificateEntity::id, Function.identity()));
        Successions successions = usage.successions();
        return ids.stream()
                .map(found::get)
                .filter(Objects::nonNull)
                .map(row -> view(row, successions))
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public long count(CertificateQuery query) {
        return search(query).size();
    }

    private List<Header> search(CertificateQuery query) {
        String text = query.text() == null ? "" : query.text().strip().toLowerCase(Locale.ROOT);
        String digest = text.replace(":", "");
        String purpose = query.purpose() == null ? "" : query.purpose();
        return rows.search(text, digest.matches("[0-9a-f]{6,64}") ? digest : "", purpose);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<StoredCertificate> find(long id) {
        return rows.findById(id).map(this::view);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public Upload add(NewCertificate upload) {
        Intake intake = read(upload);
        if (!intake.errors().isEmpty()) {
            throw new InvalidInput(intake.errors());
        }
        Optional<CertificateEntity> known = known(intake);
        if (known.isPresent()) {
            return new Upload(view(known.get()), false);
        }
        StoredCertificate stored = store(intake);
        requestRows.deleteAll(requestsFor(intake.chain().getFirst()));
        return new Upload(stored, true);
    }

    /** Writes a new row. */
    StoredCertificate store(Intake intake) {
        CertificateEntity row = rows.saveAndFlush(row(intake));
        events.publishEvent(ConfigurationChanged.created("certificate", row.id(), summary(row)));
        return view(row);
    }

    private List<RequestEntity> requestsFor(X509Certificate answer) {
        return requestRows.findBySpkiSha256OrderById(
                Fingerprint.ofPublicKey(answer, Digest.SHA256).hex());
    }

    /**
     * The key that waits here for this answer, or has it already: who uploads an answer twice gets
     * told that it is there.
     */
    private Optional<PrivateKey> waiting(X509Certificate answer) {
        String spki = Fingerprint.ofPublicKey(answer, Digest.SHA256).hex();
        Stream<byte[]> requested =
                requestsFor(answer).stream()
                        .map(request ->
                                secrets.open(
                                        RequestEntity.sealingPurpose(spki), request.sealedKey()));
        Stream<byte[]> stored =
                rows
                        .findByLeafSha256(Fingerprint.ofCertificate(answer, Digest.SHA256).hex())
                        .stream()
                        .filter(row -> row.purpose().isIdentity())
                        .flatMap(row ->
                                Stream.ofNullable(row.sealedKey())
                                        .map(sealed ->
                                                secrets.open(
                                                        PrivateKeys.purpose(row.sha256()),
                                                        sealed)));
        return Stream.concat(requested, stored).findFirst().map(KeyFormats::decode);
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize("hasAuthority('certificates:write')")
    public Preview preview(NewCertificate upload) {
        try {
            Intake intake = read(upload);
            Long known = known(intake).map(CertificateEntity::id).orElse(null);
            return new Preview(
                    known, CertificateView.of(intake, known, surroundings.get()), intake.errors());
        } catch (InvalidInput unreadable) {
            return new Preview(null, null, unreadable.problems());
        }
    }

    private Intake read(NewCertificate upload) {
        return new IntakeReader(surroundings.get(), this::waiting).read(upload);
    }

    private CertificateEntity row(Intake intake) {
        PrivateKey key = intake.key();
        List<X509Certificate> chain = intake.chain();
        String sealed =
                key == null
                        ? null
                        : secrets.seal(
                                PrivateKeys.purpose(CertificateEntity.sha256(chain)),
                                key.getEncoded());
        return new CertificateEntity(intake.purpose(), chain, sealed, clock.instant());
    }

    /** A certificate is the same whatever chain comes with it, a bundle only as a whole. */
    private Optional<CertificateEntity> known(Intake intake) {
        String purpose = intake.purpose().word();
        return !intake.purpose().isAuthority()
                ? rows.findFirstByPurposeAndLeafSha256OrderById(
                        purpose,
                        Fingerprint.ofCertificate(intake.chain().getFirst(), Digest.SHA256).hex())
                : rows.findByPurposeAndSha256(purpose, CertificateEntity.sha256(intake.chain()));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Fingerprints> fingerprints(long id) {
        return rows.findById(id).map(row -> Fingerprints.of(row.chain()));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<String> pem(long id) {
        return rows.findById(id).map(CertificateEntity::pem);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public void delete(long id) {
        CertificateEntity row =
                rows.findById(id).orElseThrow(() -> new NotFound("certificate", id));
        Successions successions = usage.successions();
        List<String> users = usage.of(row, successions);
        if (!users.isEmpty()) {
            throw new Conflict(
                    "The certificate is in use by " + String.join(", ", users) + ".",
                    "Change what uses it first.");
        }
        forget(id, successions);
        rows.delete(row);
        rows.flush();
        events.publishEvent(ConfigurationChanged.removed("certificate", id, summary(row)));
    }

    /** What refers to the old id, or to one before it, goes on with its successor in force. */
    private void forget(long id, Successions successions) {
        long inForce = successions.inForce(id);
        List<SuccessionEntity> earlier = successionRows.findBySuccessorId(id);
        if (inForce == id) {
            successionRows.deleteAllById(
                    successions.of(id).map(Succession::certificateId).stream().toList());
            successionRows.deleteAll(earlier);
        } else {
            earlier.forEach(row -> row.leadTo(inForce));
        }
    }

    StoredCertificate view(CertificateEntity row) {
        return view(row, usage.successions());
    }

    private StoredCertificate view(CertificateEntity row, Successions successions) {
        var users = new ArrayList<>(usage.of(row, successions));
        users.addAll(usage.pinning(row.chain().getFirst()));
        return CertificateView.of(
                row, users, successions.of(row.id()).orElse(null), surroundings.get());
    }

    private static Map<String, Object> summary(CertificateEntity row) {
        X509Certificate first = row.chain().getFirst();
        return Map.of(
                "purpose", row.purpose().word(),
                "subject", first.getSubjectX500Principal().getName(),
                "notAfter", first.getNotAfter().toInstant(),
                "sha256", Fingerprint.ofCertificate(first, Digest.SHA256).colonText());
    }
}
