package org.sealpost.settings;

import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.settings.events.ConfigurationChanges;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Forces a change of configuration to disk before its request is answered: H2 acknowledges a commit
 * long before it is written (measured: without this a kill loses it).
 */
@Component
class ForceToDisk {

    private final JdbcTemplate jdbc;
    private final boolean embedded;

    ForceToDisk(JdbcTemplate jdbc, @Value("${spring.datasource.url}") String url) {
        this.jdbc = jdbc;
        this.embedded = url.startsWith("jdbc:h2:");
    }

    @EventListener({ConfigurationChanged.class, ConfigurationChanges.class})
    void forceAfter() {
        boolean waiting =
                TransactionSynchronizationManager.getSynchronizations().stream()
                        .anyMatch(Checkpoint.class::isInstance);
        if (embedded && !waiting) {
            TransactionSynchronizationManager.registerSynchronization(new Checkpoint());
        }
    }

    /**
     * Not a transactional listener: Spring only logs what fails in those, and a change that may not
     * survive must not be answered as done.
     */
    private final class Checkpoint implements TransactionSynchronization {
        @Override
        public void afterCommit() {
            jdbc.execute("CHECKPOINT SYNC");
        }
    }
}
