package org.sealpost.settings;

import java.util.Optional;

/**
 * A module's part of the first start. All steps run in one transaction, in Spring's {@code @Order},
 * before any listener opens; one that throws ends the start and nothing stays behind.
 */
@FunctionalInterface
public interface BootstrapStep {

    /**
     * Writes the module's first configuration.
     *
     * @return a line for the administrator's terminal, e.g. the one-time password, or empty
     * @throws StartupRefused when a bootstrap value cannot be used; the text names its key
     */
    Optional<String> seed(BootstrapProperties properties);
}
