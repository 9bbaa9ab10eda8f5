package org.sealpost.policy;

import java.util.Optional;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.BootstrapStep;
import org.sealpost.settings.Settings;
import org.sealpost.settings.StartupRefused;
import org.sealpost.tls.TlsLevel;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Seeds the TLS defaults. */
@Component
@Order(20)
class PolicyBootstrap implements BootstrapStep {

    private final Settings settings;

    PolicyBootstrap(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        TlsLevel level =
                TlsLevel.parse(properties.tlsLevel())
                        .filter(known -> known != TlsLevel.FINGERPRINT)
                        .orElseThrow(() ->
                                new StartupRefused(
                                        "sealpost.bootstrap.tls-level is “"
                                                + properties.tlsLevel()
                                                + "”, which cannot be a default.",
                                        "Choose none, may, encrypt, verify or secure;"
                                                + " fingerprint needs a rule with pins."));
        if (properties.firstRetry().isNegative() || properties.firstRetry().isZero()) {
            throw new StartupRefused(
                    "sealpost.bootstrap.first-retry is not longer than zero.",
                    "Write a duration such as 5m or 30s.");
        }
        settings.seed(TlsSettings.SECTION, TlsSettings.standard(level, properties.firstRetry()));
        return Optional.empty();
    }
}
