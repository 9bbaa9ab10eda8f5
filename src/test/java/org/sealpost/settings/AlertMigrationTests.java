package org.sealpost.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.Database;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database from before there was the alert of self-tests. */
class AlertMigrationTests {

    private static final String ALL =
            "{\"to\":null,\"events\":[\"certificate-expiring\",\"listener-down\",\"disk-low\",%s]}";

    @Test
    void getsTheAlertWhereAllOthersAreSwitchedOn() {
        assertThat(migrated(ALL.formatted("\"tls-deferred\"")))
                .isEqualTo(ALL.formatted("\"tls-deferred\",\"self-test-worse\""));
    }

    @Test
    void keepsWhatWasChosen() {
        String few = "{\"to\":null,\"events\":[\"disk-low\"]}";

        assertThat(migrated(few)).isEqualTo(few);
    }

    private static @Nullable String migrated(String document) {
        var database = new DriverManagerDataSource(Database.H2.create(), "postgres", "");
        flyway(database, "161").migrate();
        var jdbc = new JdbcTemplate(database);
        jdbc.update("delete from settings_document where name = 'alerts'");
        jdbc.update(
                "insert into settings_document (name, document, version) values ('alerts', ?, 3)",
                document);
        flyway(database, "latest").migrate();
        return jdbc.queryForObject(
                "select document from settings_document where name = 'alerts'", String.class);
    }

    private static Flyway flyway(DriverManagerDataSource database, String target) {
        return Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/common")
                .target(target)
                .load();
    }
}
