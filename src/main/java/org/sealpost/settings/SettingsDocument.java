package org.sealpost.settings;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A section's values as JSON. */
@Entity
@Table(name = "settings_document")
class SettingsDocument {

    @Id private String name;
    private String document;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected SettingsDocument() {}

    SettingsDocument(String name, String document) {
        this.name = name;
        this.document = document;
    }

    String name() {
        return name;
    }

    String document() {
        return document;
    }

    long version() {
        return version;
    }

    void replaceBy(String newDocument) {
        document = newDocument;
    }
}
