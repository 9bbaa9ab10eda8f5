package org.sealpost.certificate;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.IssuedCertificates.Request;

/** A key made here that waits for its certificate, with the request that was sent for it. */
@Entity
@Table(name = "certificate_request")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class RequestEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String subject;
    private String names;
    private String keyKind;
    private String spkiSha256;
    private String pem;
    private String sealedKey;
    private Instant createdAt;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected RequestEntity() {}

    RequestEntity(
            List<String> names,
            String keyKind,
            String spkiSha256,
            String pem,
            String sealedKey,
            Instant createdAt) {
        this.subject = "CN=" + names.getFirst();
        this.names = String.join(" ", names);
        this.keyKind = keyKind;
        this.spkiSha256 = spkiSha256;
        this.pem = pem;
        this.sealedKey = sealedKey;
        this.createdAt = createdAt;
    }

    /** The box's purpose text for the key with this digest. */
    static String sealingPurpose(String spkiSha256) {
        return "private key of request " + spkiSha256;
    }

    String sealedKey() {
        return sealedKey;
    }

    Request toRequest() {
        if (id == null) {
            throw new IllegalStateException("not stored yet");
        }
        return new Request(
                id, subject, Arrays.asList(names.split(" ", -1)), keyKind, pem, createdAt);
    }
}
