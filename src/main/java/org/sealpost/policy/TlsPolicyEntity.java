package org.sealpost.policy;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsLevel;
import tools.jackson.databind.json.JsonMapper;

/** A rule's row; its attributes are kept as JSON, as they were written. */
@Entity
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

    TlsPolicyEntity(CheckedPolicy rule, JsonMapper json) {
        this.nextHop = rule.nextHop();
        this.level = rule.level().word();
        this.attributes = json.writeValueAsString(rule.attributes());
        this.mode = rule.mode();
        this.clientCertificateId = rule.clientCertificateId();
        this.note = rule.note();
    }

    void replaceBy(CheckedPolicy rule, JsonMapper json) {
        nextHop = rule.nextHop();
        level = rule.level().word();
        attributes = json.writeValueAsString(rule.attributes());
        mode = rule.mode();
        clientCertificateId = rule.clientCertificateId();
        note = rule.note();
    }

    long version() {
        return version;
    }

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
