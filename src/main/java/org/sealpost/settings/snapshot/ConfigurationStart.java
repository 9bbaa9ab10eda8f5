package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.ConfigurationLost;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.StartupRefused;

/**
 * Finds out, before anything else looks at the database, where this start's configuration comes
 * from. Nothing is changed here.
 */
public final class ConfigurationStart implements AutoCloseable {

    static final String FOLDER = "config";

    /** What H2 says of a file it cannot make sense of: general error, I/O, damage. */
    private static final Set<Integer> DAMAGE = Set.of(50000, 90028, 90030, 90031);

    private final SealpostHome home;
    private final @Nullable EmbeddedDatabase database;
    private final @Nullable SavedConfiguration saved;
    private final @Nullable String fault;
    private @Nullable Connection held;

    private ConfigurationStart(
            SealpostHome home,
            @Nullable EmbeddedDatabase database,
            @Nullable SavedConfiguration saved,
            @Nullable String fault,
            @Nullable Connection held) {
        this.home = home;
        this.database = database;
        this.saved = saved;
        this.fault = fault;
        this.held = held;
    }

    /**
     * Looks at database and snapshot.
     *
     * @throws ConfigurationLost when the home was in use and neither can be read
     * @throws StartupRefused when the database is whole but cannot be opened
     */
    public static ConfigurationStart of(
            SealpostHome home, String url, String username, String password) {
        EmbeddedDatabase database = EmbeddedDatabase.of(url, username, password);
        if (database == null || home.isFirstStart()) {
            return new ConfigurationStart(home, database, null, null, null);
        }
        SavedConfiguration saved = null;
        String unreadable = null;
        try {
            saved = SavedConfiguration.read(home.resolve(FOLDER)).orElse(null);
        } catch (IOException e) {
            unreadable = e instanceof SnapshotUnreadable ? e.getMessage() : e.toString();
        }
        Examination found = examine(database, saved);
        if (found.fault == null) {
            return new ConfigurationStart(home, database, saved, null, found.connection);
        }
        if (saved == null || !saved.holds("SETTINGS_DOCUMENT")) {
            throw lost(home, found.fault, unreadable);
        }
        return new ConfigurationStart(home, database, saved, found.fault, null);
    }

    private static ConfigurationLost lost(
            SealpostHome home, String fault, @Nullable String unreadable) {
        return new ConfigurationLost(
                "The data folder "
                        + home
                        + " was used before, but its configuration cannot be read. "
                        + fault
                        + (unreadable == null
                                ? " And there is no configuration snapshot in "
                                        + home.resolve(FOLDER)
                                        + "."
                                : " And of the configuration snapshot, " + unreadable + "."),
                "Restore the folder "
                        + home.resolve(FOLDER)
                        + " or "
                        + home.resolve("db")
                        + " from your backup, and start again. To begin anew without its mail, choose"
                        + " another sealpost.home.");
    }

    private record Examination(@Nullable String fault, @Nullable Connection connection) {}

    private static Examination examine(
            EmbeddedDatabase database, @Nullable SavedConfiguration saved) {
        Path file = database.file();
        if (!Files.exists(file)) {
            return new Examination("The database file " + file + " is missing.", null);
        }
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
            throw refused(file, "it may not be read and written", null);
        }
        Connection connection = null;
        try {
            if (Files.size(file) == 0) {
                return new Examination("The database file " + file + " is empty.", null);
            }
            connection = database.connect();
            String fault = fault(file, connection, saved);
            if (fault == null) {
                return new Examination(null, connection);
            }
            connection.close();
            return new Examination(fault, null);
        } catch (SQLException e) {
            close(connection);
            if (!DAMAGE.contains(e.getErrorCode())) {
                throw refused(file, String.valueOf(e.getMessage()), e);
            }
            return new Examination(
                    "The database file "
                            + file
                            + " is damaged (H2 error "
                            + e.getErrorCode()
                            + ").",
                    null);
        } catch (IOException e) {
            close(connection);
            throw refused(file, e.toString(), e);
        }
    }

    private static StartupRefused refused(Path file, String reason, @Nullable Exception cause) {
        String description = "The database file " + file + " cannot be opened: " + reason + ".";
        String remedy =
                "Make it usable for the user that runs Sealpost, with the name and password of"
                        + " spring.datasource; nothing was changed.";
        return cause == null
                ? new StartupRefused(description, remedy)
                : new StartupRefused(description, remedy, cause);
    }

    /**
     * Reads every row once: H2 finds damage only where it looks, and may go back to an old state.
     */
    private static @Nullable String fault(
            Path file, Connection connection, @Nullable SavedConfiguration saved)
            throws SQLException {
        if (!holds(connection, "SETTINGS_DOCUMENT")) {
            return "The database file " + file + " holds no configuration.";
        }
        for (ConfigurationTables.Table table : ConfigurationTables.list(connection)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set lazy_query_execution 1");
                try (ResultSet rows = statement.executeQuery("select * from " + table.name())) {
                    while (rows.next()) {
                        table.row(rows, 0);
                    }
                }
            }
        }
        return saved != null && lacksChanges(connection, saved)
                ? "The database file " + file + " lacks changes that were already acknowledged."
                : null;
    }

    private static boolean lacksChanges(Connection connection, SavedConfiguration saved)
            throws SQLException {
        Mark mark = holds(connection, "CONFIGURATION_MARK") ? Mark.read(connection) : null;
        if (mark == null
                || !mark.lineage().equals(saved.last().lineage())
                || mark.number() >= saved.last().number()) {
            return false;
        }
        return mark.number() < saved.last().number() - 1
                || !isPending(connection, saved.last().through());
    }

    /** Whether a change is still in the list: it was handed over, but not ticked off. */
    static boolean isPending(Connection connection, long change) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select 1 from configuration_change where seq = ?")) {
            query.setLong(1, change);
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }

    private static boolean holds(Connection connection, String table) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, "PUBLIC", table, null)) {
            if (!tables.next()) {
                return false;
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select 1 from " + table)) {
            return rows.next();
        }
    }

    SealpostHome home() {
        return home;
    }

    @Nullable EmbeddedDatabase database() {
        return database;
    }

    /** The snapshot as this start found it; empty when there was none that can be read. */
    Optional<SavedConfiguration> saved() {
        return Optional.ofNullable(saved);
    }

    /** What is wrong with the database, so that it is to be made anew from the snapshot. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Lets go of the database, once somebody else has it open. */
    @Override
    public void close() {
        close(held);
        held = null;
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException damaged) {
            // it was opened to find out just that
        }
    }
}
