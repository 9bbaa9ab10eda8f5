package org.sealpost.queue;

import java.time.Clock;
import java.util.random.RandomGenerator;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.Settings;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Puts the queue together; the database decides where the mail is. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

    /** Space that accepting leaves for deliveries, the database and the log. */
    private static final long RESERVED_BYTES = 512L * 1024 * 1024;

    @Bean
    QueueDatabase queueDatabase(@Value("${spring.datasource.url}") String url) {
        return QueueDatabase.of(url);
    }

    @Bean(destroyMethod = "close")
    MessageStore messageStore(
            QueueDatabase database,
            SealpostHome home,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            QueueIndex index,
            JsonMapper json) {
        return switch (database) {
            case EMBEDDED ->
                    new SpoolMessageStore(
                            new Spool(home.resolve("spool"), json),
                            new SpoolIdentity(home.resolve("spool"), JdbcClient.create(jdbc)),
                            index,
                            RESERVED_BYTES);
            case POSTGRESQL ->
                    new PostgresMessageStore(
                            jdbc,
                            transactions,
                            index,
                            json,
                            home.resolve("incoming"),
                            RESERVED_BYTES);
        };
    }

    @Bean
    StoredQueue storedQueue(
            MessageStore store,
            QueueIndex index,
            Settings settings,
            ApplicationEventPublisher events,
            Clock clock) {
        return new StoredQueue(
                store,
                index,
                () -> settings.get(RetrySettings.SECTION),
                events,
                clock,
                RandomGenerator.getDefault());
    }
}
