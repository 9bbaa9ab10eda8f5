package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final List<CertificateUse> uses;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    CertificateStore(
            CertificateRows rows,
            List<CertificateUse> uses,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.uses = List.copyOf(uses);
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    public List<StoredCertificate> list() {
        return rows.findAllByOrderByNotAfterAscIdAsc().stream().map(this::view).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<StoredCertificate> find(long id) {
        return rows.findById(id).map(this::view);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('certificates:write')")
    public Upload add(List<byte[]> files, String purposeWord) {
        Purpose purpose = authority(purposeWord);
        var certificates = new ArrayList<X509Certificate>();
        for (byte[] file : files) {
            CertificateFile content = CertificateFile.read(file);
            if (!content.privateKeys().isEmpty()) {
                throw new InvalidInput(
                        "file",
                        "The file holds a private key, which an authority's certificate never"
                                + " comes with.",
                        "Upload the certificate alone, and consider that key compromised if it was"
                                + " sent to you.");
            }
            certificates.addAll(content.certificates());
        }
        if (certificates.isEmpty()) {
            throw new InvalidInput("file", "No file was given.", "Choose a certificate file.");
        }
        var known =
                rows.findByPurposeAndSha256(purpose.word(), CertificateEntity.sha256(certificates));
        if (known.isPresent()) {
            return new Upload(view(known.get()), false);
        }
        var row =
                rows.saveAndFlush(
                        new CertificateEntity(purpose, certificates, null, clock.instant()));
        events.publishEvent(ConfigurationChanged.created("certificate", row.id(), summary(row)));
        return new Upload(view(row), true);
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
        List<String> users = uses.stream().flatMap(use -> use.of(id).stream()).toList();
        if (!users.isEmpty()) {
            throw new Conflict(
                    "The certificate is in use by " + String.join(", ", users) + ".",
                    "Change what uses it first.");
        }
        rows.delete(row);
        rows.flush();
        events.publishEvent(ConfigurationChanged.removed("certificate", id, summary(row)));
    }

    private static Purpose authority(String word) {
        Purpose purpose =
                Purpose.parse(word)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "purpose",
                                        "“" + word + "” is not a purpose.",
                                        "Choose trust or anchor."));
        if (purpose != Purpose.TRUST && purpose != Purpose.ANCHOR) {
            throw new InvalidInput(
                    "purpose",
                    "Certificates of purpose " + word + " cannot be uploaded yet.",
                    "Choose trust (every rule trusts it) or anchor (only rules whose tafile names"
                            + " it do).");
        }
        return purpose;
    }

    private StoredCertificate view(CertificateEntity row) {
        return CertificateView.of(row, clock.instant());
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
