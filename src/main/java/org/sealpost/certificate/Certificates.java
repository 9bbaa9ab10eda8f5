package org.sealpost.certificate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;

/** Stored certificates. */
public interface Certificates {

    /** One page of the certificates. */
    List<StoredCertificate> page(CertificateQuery query);

    /** How many certificates a query finds on all its pages. */
    long count(CertificateQuery query);

    Optional<StoredCertificate> find(long id);

    /**
     * Stores an upload. Needs {@code certificates:write}.
     *
     * @throws org.sealpost.mail.InvalidInput when it cannot be used; nothing is stored then
     */
    Upload add(NewCertificate upload);

    /**
     * What {@link #add} would do, with everything there is to say about it; nothing is stored.
     * Needs {@code certificates:write}.
     */
    Preview preview(NewCertificate upload);

    /** Every fingerprint of a stored certificate. */
    Optional<Fingerprints> fingerprints(long id);

    /** The certificate with its chain as PEM, never with a key. */
    Optional<String> pem(long id);

    /** Removes a certificate; one in use is a {@link org.sealpost.mail.Conflict}. */
    void delete(long id);

    /**
     * Files that are to become one stored certificate.
     *
     * @param files certificate, key and chain in any order and split, together at most 10 MB
     * @param password opens encrypted keys and PKCS#12 files; null when none was given
     * @param purpose {@code server}, {@code client}, {@code trust}, {@code anchor} or {@code peer}
     */
    record NewCertificate(List<byte[]> files, @Nullable String password, String purpose) {

        public NewCertificate {
            files = List.copyOf(files);
        }

        @Override
        public String toString() {
            return "NewCertificate[" + purpose + ", " + files.size() + " files]";
        }
    }

    /**
     * What an upload did.
     *
     * @param created false when the same certificate was there already
     */
    record Upload(StoredCertificate certificate, boolean created) {}

    /**
     * What an upload would become.
     *
     * @param existingId the id under which it is stored already; null when it is new
     * @param certificate null when the files cannot be read
     * @param errors why it cannot be stored; empty when it can
     */
    record Preview(
            @Nullable Long existingId,
            @Nullable StoredCertificate certificate,
            List<Problem> errors) {}

    /**
     * The certificate that takes another one's place.
     *
     * @param switchAt from when; null when it is only staged
     * @param switched whether it did already
     */
    record Successor(long certificateId, @Nullable Instant switchAt, boolean switched) {}

    /**
     * A certificate as people see it.
     *
     * @param id null in a preview
     * @param purpose {@code server}, {@code client}, {@code trust}, {@code anchor} or {@code peer}
     * @param key e.g. {@code EC P-256} or {@code RSA 2048}
     * @param chainStatus {@code complete}, {@code self-signed} or {@code incomplete}
     * @param serialNumber in hex
     * @param subjectAlternativeNames DNS names and IP addresses
     * @param chain the subjects of all stored certificates, its own first
     * @param usage extended key usages, e.g. {@code serverAuth}
     * @param usedBy who uses it, e.g. {@code the policy example.com}
     * @param successor what takes or took its place; null when nothing is planned
     * @param warnings what will cause trouble, a sentence each
     */
    record StoredCertificate(
            @Nullable Long id,
            String purpose,
            String subject,
            String issuer,
            String serialNumber,
            List<String> subjectAlternativeNames,
            Instant notBefore,
            Instant notAfter,
            String key,
            String signature,
            String chainStatus,
            List<String> chain,
            List<String> usage,
            List<String> keyUsage,
            boolean hasPrivateKey,
            List<String> usedBy,
            @Nullable Successor successor,
            List<String> warnings,
            Fingerprints fingerprints) {}
}
