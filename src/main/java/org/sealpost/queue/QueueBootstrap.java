package org.sealpost.queue;

import java.util.Optional;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.BootstrapStep;
import org.sealpost.settings.Settings;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Seeds the retry schedule and sets up the store. */
@Component
@Order(30)
class QueueBootstrap implements BootstrapStep {

    private final Settings settings;
    private final MessageStore store;

    QueueBootstrap(Settings settings, MessageStore store) {
        this.settings = settings;
        this.store = store;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        settings.seed(RetrySettings.SECTION, RetrySettings.standard(properties.firstRetry()));
        store.create();
        return Optional.empty();
    }
}
