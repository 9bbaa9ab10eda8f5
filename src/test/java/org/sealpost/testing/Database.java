package org.sealpost.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** The databases Sealpost runs on; one PostgreSQL serves all tests of a JVM. */
public enum Database {
    H2 {
        @Override
        public String create() {
            return "jdbc:h2:mem:" + unique() + ";DB_CLOSE_DELAY=-1";
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
    };

    private static final class Server {
        static final EmbeddedPostgres ONLY = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Makes an empty database and returns its JDBC URL. */
    public abstract String create();

    private static String unique() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }
}
