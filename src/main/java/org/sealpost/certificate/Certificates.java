package org.sealpost.certificate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stored certificates. */
public interface Certificates {

    /** All certificates, the one that expires first in front. Needs {@code certificates:read}. */
    List<StoredCertificate> list();

    Optional<StoredCertificate> find(long id);

    /**
     * Stores an upload. Needs {@code certificates:write}.
     *
     * @throws org.sealpost.mail.InvalidInput when it cannot be used; nothing is stored then
     */
    Upload add(NewCertificate upload);

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
     * A certificate as people see it.
     *
     * @param purpose {@code server}, {@code client}, {@code trust}, {@code anchor} or {@code peer}
     * @param key e.g. {@code EC P-256} or {@code RSA 2048}
     * @param chainStatus {@code complete}, {@code self-signed} or {@code incomplete}
     * @param usage extended key usages, e.g. {@code serverAuth}
     * @param usedBy who uses it, e.g. {@code the policy example.com}
     * @param warnings what will cause trouble, a sentence each
     * @param fingerprints {@code certificate} and {@code publicKey}, each digest word to colon hex
     */
    record StoredCertificate(
            long id,
            String purpose,
            String subject,
            String issuer,
            List<String> subjectAlternativeNames,
            Instant notBefore,
            Instant notAfter,
            String key,
            String signature,
            String chainStatus,
            List<String> usage,
            boolean hasPrivateKey,
            List<String> usedBy,
            List<String> warnings,
            Map<String, Map<String, String>> fingerprints) {}
}
