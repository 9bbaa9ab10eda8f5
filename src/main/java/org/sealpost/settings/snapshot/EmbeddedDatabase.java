package org.sealpost.settings.snapshot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The H2 file. Connections made here are apart from the pool's: a request that waits for its change
 * to be saved already holds one of those.
 */
record EmbeddedDatabase(String url, String username, String password) {

    private static final String PREFIX = "jdbc:h2:file:";

    /** H2's own level: everything as it was committed when the transaction began. */
    private static final int SNAPSHOT_ISOLATION = 6;

    /** Null for a database server or one in memory, whose configuration needs no snapshot. */
    static @Nullable EmbeddedDatabase of(String url, String username, String password) {
        return url.startsWith(PREFIX) ? new EmbeddedDatabase(url, username, password) : null;
    }

    Path file() {
        int options = url.indexOf(';');
        String name = url.substring(PREFIX.length(), options < 0 ? url.length() : options);
        return Path.of(name + ".mv.db").toAbsolutePath().normalize();
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, username, password);
    }

    /** A transaction that sees one moment, and whose results do not fill the memory. */
    Connection oneMoment() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(SNAPSHOT_ISOLATION);
            statement.execute("set lazy_query_execution 1");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** H2 acknowledges a commit long before it is on disk. */
    void force() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("checkpoint sync");
        }
    }
}
