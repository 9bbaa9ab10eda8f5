package org.sealpost.queue;

import java.time.Clock;
import java.util.random.RandomGenerator;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.Settings;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Puts the embedded queue together. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

    /** Space that accepting leaves for deliveries, the database and the log. */
    private static final long RESERVED_BYTES = 512L * 1024 * 1024;

    @Bean
    Spool spool(SealpostHome home, JsonMapper json) {
        return new Spool(home.resolve("spool"), json);
    }

    @Bean(destroyMethod = "close")
    SpoolQueue spoolQueue(
            Spool spool,
            QueueIndex index,
            Settings settings,
            ApplicationEventPublisher events,
            Clock clock) {
        return new SpoolQueue(
                spool,
                index,
                settings,
                events,
                clock,
                RandomGenerator.getDefault(),
                RESERVED_BYTES);
    }
}
