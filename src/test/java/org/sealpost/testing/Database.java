package org.sealpost.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The databases Sealpost runs on; one PostgreSQL serves all tests of a JVM. */
public enum Database {
    H2 {
        @Override
        public String create() {
            return "jdbc:h2:mem:" + unique() + ";DB_CLOSE_DELAY=-1";
        }

        @Override
        List<String> migrations() {
            return List.of(COMMON);
        }
    },
    POSTGRESQL {
        @Override
        public String create() {
            String name = unique();
            try (Connection connection = Server.ONLY.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return Server.ONLY.getJdbcUrl("postgres", name);
        }

        @Override
        List<String> migrations() {
            return List.of(COMMON, "classpath:db/migration/postgresql");
        }
    };

    private static final Map<Database, DriverManagerDataSource> SHARED = new ConcurrentHashMap<>();
    private static final String COMMON = "classpath:db/migration/common";

    /** Empties the queue's tables. */
    public void emptyQueue() {
        JdbcClient client = JdbcClient.create(shared());
        for (String table : List.of("attempt", "recipient", "message", "spool")) {
            client.sql("delete from queue_" + table).update();
        }
    }

    private static final class Server {
        static final EmbeddedPostgres ONLY = start();

        private static EmbeddedPostgres start() {
            try {
                // Without these it acknowledges what a power cut would undo, and Sealpost refuses
                // it.
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Makes an empty database and returns its JDBC URL. */
    public abstract String create();

    abstract List<String> migrations();

    /** A database with all tables that tests share which empty those that they use. */
    public DriverManagerDataSource shared() {
        return SHARED.computeIfAbsent(this, Database::migrated);
    }

    private DriverManagerDataSource migrated() {
        var source = new DriverManagerDataSource(create());
        Flyway.configure()
                .dataSource(source)
                .locations(migrations().toArray(String[]::new))
                .load()
                .migrate();
        return source;
    }

    private static String unique() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }
}
