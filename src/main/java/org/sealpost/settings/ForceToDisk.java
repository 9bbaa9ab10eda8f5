package org.sealpost.settings;

import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

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

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void force(ConfigurationChanged change) {
        if (embedded) {
            jdbc.execute("CHECKPOINT SYNC");
        }
    }
}
