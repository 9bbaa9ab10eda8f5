package org.sealpost.queue;

import java.util.Optional;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.BootstrapStep;
import org.sealpost.settings.Settings;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Seeds the retry schedule and marks the spool folder as this database's own. */
@Component
@Order(30)
class QueueBootstrap implements BootstrapStep {

    private final Settings settings;
    private final SpoolIdentity identity;

    QueueBootstrap(Settings settings, SpoolIdentity identity) {
        this.settings = settings;
        this.identity = identity;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        settings.seed(RetrySettings.SECTION, RetrySettings.standard(properties.firstRetry()));
        identity.create();
        return Optional.empty();
    }
}
