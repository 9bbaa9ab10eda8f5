package org.sealpost.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.settings.Settings;
import org.sealpost.settings.Versioned;
import org.sealpost.tls.TlsLevel;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;

/** The defaults of outbound TLS, checked against what is stored besides them. */
@Service
public class TlsDefaults {

    /** Two rules with the same pin differ only in what the defaults say. */
    private static final String SOME_PIN = "sha256:" + "00".repeat(32);

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
        return compare(settings.get(TlsSettings.SECTION), after);
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
     * @param reason why, for the audit, which also names what gets weaker
     * @throws InvalidInput when a value cannot be used
     */
    @PreAuthorize("hasAuthority('settings:write')")
    public Versioned<TlsSettings> update(
            TlsSettings value, @Nullable Long expectedVersion, @Nullable String reason) {
        if (value.clientCertificateId() != null) {
            certificates.client(value.clientCertificateId());
        }
        return settings.update(
                TlsSettings.SECTION,
                value,
                expectedVersion,
                (before, after) -> {
                    StrengthChange change = compare(before, after);
                    return new Audited(after, change.isWeaker() ? change.reasons() : null, reason);
                });
    }

    StrengthChange compare(TlsSettings before, TlsSettings after) {
        StrengthChange all =
                Weakening.between(
                        usable(() -> CompiledPolicy.ofDefault(before, certificates)),
                        usable(() -> CompiledPolicy.ofDefault(after, certificates)));
        for (TlsLevel level : TlsLevel.values()) {
            CompiledPolicy one = ruled(level, before);
            CompiledPolicy other = ruled(level, after);
            if (one != null && other != null) {
                all = Weakening.both(all, Weakening.between(one, other));
            }
        }
        return all;
    }

    private @Nullable CompiledPolicy ruled(TlsLevel level, TlsSettings defaults) {
        PolicyAttributes attributes =
                level == TlsLevel.FINGERPRINT
                        ? PolicyAttributes.builder().match(List.of(SOME_PIN)).build()
                        : PolicyAttributes.NONE;
        return usable(() -> CompiledPolicy.of(level, attributes, null, defaults, certificates));
    }

    private static @Nullable CompiledPolicy usable(Supplier<CompiledPolicy> policy) {
        try {
            return policy.get();
        } catch (InvalidInput unusable) {
            return null;
        }
    }

    /**
     * The defaults in the audit.
     *
     * @param weaker what gets weaker, a sentence each
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Audited(
            @JsonUnwrapped TlsSettings defaults,
            @Nullable List<String> weaker,
            @Nullable String reason) {}
}
