package org.sealpost.settings.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;

/** Every table is either in the snapshot, or named as one that need not be. */
@RunningSealpost
class ConfigurationTablesTests {

    /**
     * A new table of a module fails this test: write it here when it is configuration, or into
     * {@link ConfigurationTables#NOT_CONFIGURATION} when its loss with the database is harmless.
     */
    private static final List<String> CONFIGURATION =
            List.of(
                    "ALERT",
                    "API_TOKEN",
                    "APP_USER",
                    "CERTIFICATE",
                    "CERTIFICATE_REQUEST",
                    "CERTIFICATE_SUCCESSION",
                    "LISTENER",
                    "MASTER_KEY_CHECK",
                    "PASSKEY",
                    "PASSKEY_USER",
                    "POLICY_RELAXATION",
                    "QUEUE_SPOOL",
                    "RECOVERY_CODE",
                    "ROUTE",
                    "SECOND_FACTOR",
                    "SELF_TEST_SCHEDULE",
                    "SETTINGS_DOCUMENT",
                    "SMTP_ACCOUNT",
                    "TLS_POLICY");

    private final JdbcTemplate database;

    ConfigurationTablesTests(JdbcTemplate database) {
        this.database = database;
    }

    @Test
    void everyTableIsDecidedUpon() {
        var decided = new ArrayList<>(CONFIGURATION);
        decided.addAll(ConfigurationTables.NOT_CONFIGURATION);

        assertThat(
                        names(
                                "select table_name from information_schema.tables where"
                                        + " table_schema = 'PUBLIC'"))
                .containsExactlyInAnyOrderElementsOf(decided);
    }

    @Test
    void everyTableOfTheConfigurationNotesItsChanges() {
        assertThat(
                        names(
                                "select distinct event_object_table from information_schema.triggers where"
                                        + " trigger_schema = 'PUBLIC'"))
                .containsExactlyInAnyOrderElementsOf(CONFIGURATION);
    }

    private List<String> names(String sql) {
        return database.query(sql, (row, number) -> String.valueOf(row.getString(1)));
    }
}
