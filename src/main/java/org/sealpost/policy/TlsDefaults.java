package org.sealpost.policy;

import org.jspecify.annotations.Nullable;
import org.sealpost.settings.Settings;
import org.sealpost.settings.Versioned;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;

/** The defaults of outbound TLS, checked against what is stored besides them. */
@Service
public class TlsDefaults {

    private final Settings settings;
    private final CertificateSource certificates;

    TlsDefaults(Settings settings, CertificateSource certificates) {
        this.settings = settings;
        this.certificates = certificates;
    }

    public Versioned<TlsSettings> get() {
        return settings.getVersioned(TlsSettings.SECTION);
    }

    /**
     * Replaces the defaults; they act on the next connection.
     *
     * @param expectedVersion the version the change is based on, or null to overwrite any
     * @throws org.sealpost.mail.InvalidInput when a value cannot be used
     */
    @PreAuthorize("hasAuthority('settings:write')")
    public Versioned<TlsSettings> update(TlsSettings value, @Nullable Long expectedVersion) {
        if (value.clientCertificateId() != null) {
            certificates.client(value.clientCertificateId());
        }
        return settings.update(TlsSettings.SECTION, value, expectedVersion);
    }
}
