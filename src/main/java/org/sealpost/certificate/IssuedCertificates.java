package org.sealpost.certificate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;

/**
 * Certificates and keys that are made here. The key never leaves the store. All writes need {@code
 * certificates:write}.
 */
public interface IssuedCertificates {

    /** The kinds of key that can be made; the first is the usual one. */
    List<String> KEYS = KeyKind.ALL;

    /** Makes a certificate that vouches for itself. */
    StoredCertificate selfSigned(IdentityDraft draft);

    /**
     * Makes a small authority for a lab, stored with purpose anchor: only rules whose tafile names
     * it trust it.
     */
    StoredCertificate authority(AuthorityDraft draft);

    /** Has an authority that was made here issue a certificate with a new key. */
    StoredCertificate issue(long authorityId, IdentityDraft draft);

    /** Makes a request for an authority elsewhere, with a new key or with a stored one. */
    Request request(RequestDraft draft);

    List<Request> requests();

    Optional<Request> request(long id);

    /** Forgets a request and its key; an answer to it can no longer be stored. */
    void deleteRequest(long id);

    /**
     * What to make.
     *
     * @param purpose {@code server} (when null) or {@code client}
     * @param names DNS names and IP addresses, the main one first
     * @param key e.g. {@code EC P-256} (when null) or {@code RSA 3072}
     * @param days how long it is valid; a year when null
     */
    record IdentityDraft(
            @Nullable String purpose,
            @Nullable List<String> names,
            @Nullable String key,
            @Nullable Integer days) {}

    /**
     * An authority to make.
     *
     * @param name its common name
     * @param key e.g. {@code EC P-256} (when null)
     * @param days how long it is valid; ten years when null
     */
    record AuthorityDraft(@Nullable String name, @Nullable String key, @Nullable Integer days) {}

    /**
     * A request to make.
     *
     * @param names DNS names and IP addresses; those of the stored certificate when null
     * @param key the kind of the new key; {@code EC P-256} when null
     * @param certificateId the stored identity whose key is used instead; null for a new key
     */
    record RequestDraft(
            @Nullable List<String> names, @Nullable String key, @Nullable Long certificateId) {}

    /**
     * A request whose answer is awaited; upload the answer with purpose server or client.
     *
     * @param pem to be sent to the authority
     */
    record Request(
            long id,
            String subject,
            List<String> names,
            String key,
            String pem,
            Instant createdAt) {}
}
