package org.sealpost.smtp;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A listener's row: its settings as JSON. */
@Entity
@Table(name = "listener")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class ListenerEntity {

    @Id private String name;
    private String document;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected ListenerEntity() {}

    ListenerEntity(String name, String document) {
        this.name = name;
        this.document = document;
    }

    String document() {
        return document;
    }

    void replace(String newDocument) {
        document = newDocument;
    }

    long version() {
        return version;
    }
}
