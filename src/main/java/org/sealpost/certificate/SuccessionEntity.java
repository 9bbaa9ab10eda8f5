package org.sealpost.certificate;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which certificate takes another one's place, and from when. */
@Entity
@Table(name = "certificate_succession")
@SuppressWarnings("UnusedVariable") // the version is for JPA
class SuccessionEntity {

    @Id private long certificateId;
    private long successorId;
    private @Nullable Instant switchAt;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected SuccessionEntity() {}

    SuccessionEntity(long certificateId, long successorId, @Nullable Instant switchAt) {
        this.certificateId = certificateId;
        this.successorId = successorId;
        this.switchAt = switchAt;
    }

    void stage(long successor, @Nullable Instant at) {
        successorId = successor;
        switchAt = at;
    }

    /** Skips a certificate that is gone. */
    void leadTo(long successor) {
        successorId = successor;
    }

    void switchAt(Instant at) {
        switchAt = at;
    }

    Succession toSuccession() {
        return new Succession(certificateId, successorId, switchAt);
    }
}
