package org.sealpost.certificate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stored certificates. */
public interface Certificates {

    /** All certificates, the one that expires first in front. Needs {@code certificates:read}. */
    List<StoredCertificate> list();

    Optional<StoredCertificate> find(long id);

    /**
     * Stores certificates that vouch for others. Needs {@code certificates:write}.
     *
     * @param files PEM or DER, together at most 10 MB
     * @param purpose {@code trust} or {@code anchor}
     * @throws org.sealpost.mail.InvalidInput when they cannot be used; nothing is stored then
     */
    Upload add(List<byte[]> files, String purpose);

    /** The certificate with its chain as PEM, never with a key. */
    Optional<String> pem(long id);

    /** Removes a certificate; one in use is a {@link org.sealpost.mail.Conflict}. */
    void delete(long id);

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
            List<String> warnings,
            Map<String, Map<String, String>> fingerprints) {}
}
