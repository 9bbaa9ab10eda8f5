package org.sealpost.certificate;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateMaker.Issuer;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.reading.KeyFormats;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes certificates, authorities and requests, and stores them with their keys. */
@Service
class Issuing implements IssuedCertificates {

    private static final int YEAR = 365;
    private static final int TEN_YEARS = 3_650;

    private final CertificateStore store;
    private final CertificateRows certificates;
    private final RequestRows requests;
    private final SecretBox secrets;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Issuing(
            CertificateStore store,
            CertificateRows certificates,
            RequestRows requests,
            SecretBox secrets,
            ApplicationEventPublisher events,
            Clock clock) {
        this.store = store;
        this.certificates = certificates;
        this.requests = requests;
        this.secrets = secrets;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public StoredCertificate selfSigned(IdentityDraft draft) {
        return identity(draft, null);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public StoredCertificate issue(long authorityId, IdentityDraft draft) {
        CertificateEntity row =
                certificates
                        .findById(authorityId)
                        .orElseThrow(() -> new NotFound("certificate", authorityId));
        PrivateKey key = key(row);
        if (key == null || row.purpose() != Purpose.ANCHOR) {
            throw new InvalidInput(
                    "id",
                    "The certificate " + authorityId + " is no authority that was made here.",
                    "Make one first, or make a request and send it to the authority you use.");
        }
        return identity(draft, new Issuer(row.chain().getFirst(), key));
    }

    private StoredCertificate identity(IdentityDraft draft, @Nullable Issuer issuer) {
        Purpose purpose = DraftCheck.purpose(draft.purpose());
        List<String> names = DraftCheck.names(draft.names());
        KeyKind kind = DraftCheck.key(draft.key());
        Instant notAfter = end(DraftCheck.days(draft.days(), YEAR));
        var chain = new ArrayList<X509Certificate>();
        if (issuer != null) {
            Instant last = issuer.certificate().getNotAfter().toInstant();
            notAfter = notAfter.isAfter(last) ? last : notAfter;
            chain.add(issuer.certificate());
        }
        KeyPair keys = kind.generate();
        chain.addFirst(
                CertificateMaker.identity(purpose, names, keys, issuer, clock.instant(), notAfter));
        return store.store(new Intake(purpose, chain, keys.getPrivate(), List.of(), List.of()));
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public StoredCertificate authority(AuthorityDraft draft) {
        String name = DraftCheck.authorityName(draft.name());
        KeyPair keys = DraftCheck.key(draft.key()).generate();
        Instant notAfter = end(DraftCheck.days(draft.days(), TEN_YEARS));
        X509Certificate made = CertificateMaker.authority(name, keys, clock.instant(), notAfter);
        return store.store(
                new Intake(Purpose.ANCHOR, List.of(made), keys.getPrivate(), List.of(), List.of()));
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public Request request(RequestDraft draft) {
        Long certificateId = draft.certificateId();
        if (certificateId == null) {
            KeyPair keys = DraftCheck.key(draft.key()).generate();
            return request(DraftCheck.names(draft.names()), keys.getPublic(), keys.getPrivate());
        }
        CertificateEntity row = certificates.findById(certificateId).orElse(null);
        PrivateKey key = row == null || !row.purpose().isIdentity() ? null : key(row);
        if (row == null || key == null) {
            throw new InvalidInput(
                    "certificateId",
                    "There is no server or client certificate with the id " + certificateId + ".",
                    "Leave it out to have a new key made.");
        }
        X509Certificate leaf = row.chain().getFirst();
        List<String> names = draft.names() == null ? SubjectNames.all(leaf) : draft.names();
        return request(DraftCheck.names(names), leaf.getPublicKey(), key);
    }

    private Request request(List<String> names, PublicKey publicKey, PrivateKey key) {
        String spki = Fingerprint.ofKey(publicKey, Digest.SHA256).hex();
        String pem =
                PemText.block(
                        "CERTIFICATE REQUEST", CertificateMaker.request(names, publicKey, key));
        String sealed = secrets.seal(RequestEntity.sealingPurpose(spki), key.getEncoded());
        Request made =
                requests.saveAndFlush(
                                new RequestEntity(
                                        names,
                                        PrivateKeys.describe(publicKey),
                                        spki,
                                        pem,
                                        sealed,
                                        clock.instant()))
                        .toRequest();
        events.publishEvent(
                ConfigurationChanged.created("certificate-request", made.id(), summary(made)));
        return made;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Request> requests() {
        return requests.findAllByOrderById().stream().map(RequestEntity::toRequest).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Request> request(long id) {
        return requests.findById(id).map(RequestEntity::toRequest);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public void deleteRequest(long id) {
        RequestEntity row =
                requests.findById(id).orElseThrow(() -> new NotFound("certificate request", id));
        requests.delete(row);
        requests.flush();
        events.publishEvent(
                ConfigurationChanged.removed("certificate-request", id, summary(row.toRequest())));
    }

    private @Nullable PrivateKey key(CertificateEntity row) {
        String sealed = row.sealedKey();
        return sealed == null
                ? null
                : KeyFormats.decode(secrets.open(PrivateKeys.purpose(row.sha256()), sealed));
    }

    private Instant end(int days) {
        return clock.instant().plus(Duration.ofDays(days));
    }

    private static Map<String, Object> summary(Request request) {
        return Map.of("names", request.names(), "key", request.key());
    }
}
