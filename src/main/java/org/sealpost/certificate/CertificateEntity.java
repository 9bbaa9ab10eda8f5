package org.sealpost.certificate;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.reading.CertificateFiles;

/** A stored certificate with its chain, and its private key when it is an identity of ours. */
@Entity
@Table(name = "certificate")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class CertificateEntity {

    private static final int MOST_SUBJECT = 2_000;

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String purpose;
    private String sha256;
    private String subject;
    private Instant notAfter;

    private String pem;

    private @Nullable String sealedKey;
    private String leafSha256 = "";
    private String spkiSha256 = "";
    private String names = "";
    private Instant createdAt;
    private @Nullable Integer reportedDays;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected CertificateEntity() {}

    /**
     * @param chain leaf first, or all certificates of a bundle
     */
    CertificateEntity(
            Purpose purpose,
            List<X509Certificate> chain,
            @Nullable String sealedKey,
            Instant createdAt) {
        X509Certificate leaf = chain.getFirst();
        this.purpose = purpose.word();
        this.sha256 = sha256(chain);
        this.subject = shortened(leaf.getSubjectX500Principal().getName());
        this.notAfter = leaf.getNotAfter().toInstant();
        this.pem = PemText.of(chain);
        fillSearch(leaf);
        this.sealedKey = sealedKey;
        this.createdAt = createdAt;
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(name.length(), MOST_SUBJECT));
    }

    /** What makes an upload the same as an earlier one: every certificate in it, in order. */
    static String sha256(List<X509Certificate> chain) {
        return Fingerprint.ofBytes(PemText.of(chain), Digest.SHA256).hex();
    }

    /** Sets the columns that certificates are found by. */
    final void fillSearch(X509Certificate leaf) {
        leafSha256 = Fingerprint.ofCertificate(leaf, Digest.SHA256).hex();
        spkiSha256 = Fingerprint.ofPublicKey(leaf, Digest.SHA256).hex();
        names = SubjectNames.text(leaf);
    }

    /** Notes that a threshold was told of; false when that one or a nearer one was already. */
    boolean reportExpiry(int days) {
        if (reportedDays != null && reportedDays <= days) {
            return false;
        }
        reportedDays = days;
        return true;
    }

    long id() {
        if (id == null) {
            throw new IllegalStateException("not stored yet");
        }
        return id;
    }

    Purpose purpose() {
        return Purpose.parse(purpose).orElseThrow();
    }

    List<X509Certificate> chain() {
        return CertificateFiles.read(PemText.bytes(pem), null).certificates();
    }

    String pem() {
        return pem;
    }

    @Nullable String sealedKey() {
        return sealedKey;
    }

    String sha256() {
        return sha256;
    }
}
