package org.sealpost.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.policy.StrengthChange.Strength;
import org.sealpost.settings.Settings;
import org.sealpost.settings.Versioned;
import org.sealpost.tls.TlsLevel;
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
     * How a change of the defaults alters what is required, where no rule matches and of rules that
     * leave it to the defaults.
     */
    public StrengthChange compare(TlsSettings after) {
        TlsSettings before = settings.get(TlsSettings.SECTION);
        StrengthChange change =
                Weakening.between(worked(before.level(), before), worked(after.level(), after));
        for (TlsLevel level :
                List.of(TlsLevel.MAY, TlsLevel.ENCRYPT, TlsLevel.VERIFY, TlsLevel.SECURE)) {
            change =
                    Weakening.both(
                            change, Weakening.between(worked(level, before), worked(level, after)));
        }
        Duration now = before.fallbackAge();
        Duration then = after.fallbackAge();
        boolean sooner = then != null && (now == null || then.compareTo(now) < 0);
        return sooner
                ? Weakening.both(
                        change,
                        new StrengthChange(
                                Strength.WEAKER,
                                List.of(
                                        "After a failed handshake, mail at level may goes out in clear"
                                                + " text sooner than before.")))
                : change;
    }

    private @Nullable CompiledPolicy worked(TlsLevel level, TlsSettings defaults) {
        try {
            return CompiledPolicy.of(level, PolicyAttributes.NONE, null, defaults, certificates);
        } catch (InvalidInput unusable) {
            return null; // the mail would wait
        }
    }

    /** Replaces the defaults without giving a reason. */
    @PreAuthorize("hasAuthority('settings:write')")
    public Versioned<TlsSettings> update(TlsSettings value, @Nullable Long expectedVersion) {
        return update(value, expectedVersion, null);
    }

    /**
     * Replaces the defaults; they act on the next connection.
     *
     * @param expectedVersion the version the change is based on, or null to overwrite any
     * @param reason why, for the audit; asked for when something gets weaker
     * @throws InvalidInput when a value cannot be used
     */
    @PreAuthorize("hasAuthority('settings:write')")
    public Versioned<TlsSettings> update(
            TlsSettings value, @Nullable Long expectedVersion, @Nullable String reason) {
        if (value.clientCertificateId() != null) {
            certificates.client(value.clientCertificateId());
        }
        return settings.update(TlsSettings.SECTION, value, expectedVersion, reason);
    }
}
