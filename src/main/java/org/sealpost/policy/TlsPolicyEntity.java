package org.sealpost.policy;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsLevel;
import tools.jackson.databind.json.JsonMapper;

/** A rule's row as lists read it; {@link RuleRows} writes it. */
@Entity
@Immutable
@Table(name = "tls_policy")
class TlsPolicyEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String nextHop;
    private String level;
    private String attributes;
    private String mode;
    private @Nullable Long clientCertificateId;
    private String note;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected TlsPolicyEntity() {}

    TlsPolicy toPolicy(JsonMapper json) {
        if (id == null) {
            throw new IllegalStateException("not stored yet");
        }
        return new TlsPolicy(
                id,
                nextHop,
                TlsLevel.parse(level).orElseThrow(),
                json.readValue(attributes, PolicyAttributes.class),
                mode,
                clientCertificateId,
                note,
                version);
    }
}
