package org.sealpost.observability;

import org.sealpost.settings.ConfigurationFiles;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Down while a change of configuration is not saved in its files, since nothing is delivered then.
 */
@Component("configurationHealthIndicator")
class ConfigurationHealth implements HealthIndicator {

    private final ConfigurationFiles files;

    ConfigurationHealth(ConfigurationFiles files) {
        this.files = files;
    }

    @Override
    public Health health() {
        return files.areBehind()
                ? Health.down()
                        .withDetail("delivery", "waits until the configuration is saved")
                        .build()
                : Health.up().build();
    }
}
