package org.sealpost.settings.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the embedded database is configuration: every table but those named here. A module's new
 * table is in the snapshot unless somebody says that it need not be.
 */
final class ConfigurationTables {

    /** Rebuilt from the spool, restored from the audit files, or records of the past. */
    static final Set<String> NOT_CONFIGURATION =
            Set.of(
                    "QUEUE_MESSAGE",
                    "QUEUE_RECIPIENT",
                    "QUEUE_ATTEMPT",
                    "CONNECTION_EVENT",
                    "CONNECTION_WATCH",
                    "CONNECTION_TRANSCRIPT",
                    "AUDIT_ENTRY",
                    "SELF_TEST",
                    "SELF_TEST_BATCH",
                    "flyway_schema_history",
                    "CONFIGURATION_CHANGE",
                    "CONFIGURATION_MARK");

    /** Their text goes into the database again as it came out. */
    private static final Set<String> KNOWN_TYPES =
            Set.of(
                    "CHARACTER VARYING",
                    "CHARACTER LARGE OBJECT",
                    "BIGINT",
                    "INTEGER",
                    "SMALLINT",
                    "BOOLEAN",
                    "DOUBLE PRECISION",
                    "TIMESTAMP WITH TIME ZONE");

    private ConfigurationTables() {}

    /**
     * A table.
     *
     * @param key the column of its primary key
     * @param types its columns in their order, with their types
     */
    record Table(String name, String key, Map<String, String> types) {

        /** Selects given rows only, with nothing but the key for those that are gone. */
        String changedRows() {
            return "select c.row_key, t.* from (select distinct row_key from configuration_change"
                    + " where table_name = ?) c left join "
                    + name
                    + " t on t."
                    + key
                    + " = cast(c.row_key as "
                    + types.get(key)
                    + ")";
        }

        /**
         * Reads the current row.
         *
         * @param offset how many columns come before the table's own
         */
        Row row(ResultSet result, int offset) throws SQLException {
            Map<String, @Nullable String> values = Row.noValues();
            int position = offset;
            String found = null;
            for (String column : types.keySet()) {
                String value = result.getString(++position);
                values.put(column, value);
                found = column.equals(key) ? value : found;
            }
            return new Row(
                    name,
                    found == null ? result.getString(1) : found,
                    found == null ? null : values);
        }
    }

    /** Makes the list of changes and the mark of how far it was handed over. */
    static void createList(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(
                    "create table if not exists configuration_change (seq bigint generated always as"
                            + " identity primary key, table_name varchar(128) not null, row_key"
                            + " varchar(1000) not null)");
            statement.execute(
                    "create table if not exists configuration_mark (id integer not null primary key,"
                            + " lineage varchar(40) not null, number bigint not null)");
        }
    }

    /** Migrations change tables freely; a new base file is written after them. */
    static void dropTriggers(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            for (String trigger :
                    strings(
                            database,
                            "select distinct trigger_name from information_schema.triggers where trigger_name"
                                    + " like 'CONFIGURATION\\_%'")) {
                statement.execute("drop trigger " + trigger);
            }
        }
    }

    static void createTriggers(Connection database, List<Table> tables) throws SQLException {
        try (Statement statement = database.createStatement()) {
            for (Table table : tables) {
                statement.execute(
                        "create trigger configuration_"
                                + table.name
                                + " after insert, update, delete on "
                                + table.name
                                + " for each row call '"
                                + RowTrigger.class.getName()
                                + "'");
            }
        }
    }

    /** The configuration's tables by their names. */
    static List<Table> list(Connection database) throws SQLException {
        var tables = new ArrayList<Table>();
        for (String name :
                strings(
                        database,
                        "select table_name from information_schema.tables where table_schema ="
                                + " 'PUBLIC' and table_type = 'BASE TABLE' order by table_name")) {
            if (!NOT_CONFIGURATION.contains(name)) {
                tables.add(table(database, name));
            }
        }
        return tables;
    }

    private static Table table(Connection database, String name) throws SQLException {
        var types = new LinkedHashMap<String, String>();
        try (PreparedStatement query =
                database.prepareStatement(
                        "select column_name, data_type from information_schema.columns where"
                                + " table_schema = 'PUBLIC' and table_name = ? order by"
                                + " ordinal_position")) {
            query.setString(1, name);
            try (ResultSet columns = query.executeQuery()) {
                while (columns.next()) {
                    types.put(columns.getString(1), columns.getString(2));
                }
            }
        }
        if (!KNOWN_TYPES.containsAll(types.values())) {
            throw new IllegalStateException(
                    "the configuration snapshot cannot keep a column of the table "
                            + name
                            + ", types "
                            + types.values()
                            + ": teach it the type");
        }
        return new Table(name, keyColumn(database, name), types);
    }

    private static String keyColumn(Connection database, String table) throws SQLException {
        try (ResultSet keys = database.getMetaData().getPrimaryKeys(null, "PUBLIC", table)) {
            String only = keys.next() ? keys.getString("COLUMN_NAME") : null;
            if (only == null || keys.next()) {
                throw new IllegalStateException(
                        "the configuration snapshot needs a primary key of one column in the table "
                                + table);
            }
            return only;
        }
    }

    /** Where in a trigger's row the primary key is. */
    static int keyPosition(Connection database, String table) throws SQLException {
        return List.copyOf(table(database, table).types.keySet())
                .indexOf(keyColumn(database, table));
    }

    /** The next id of each table that counts its rows. */
    static Map<String, Long> identities(Connection database) throws SQLException {
        var identities = new LinkedHashMap<String, Long>();
        try (Statement statement = database.createStatement();
                ResultSet bases =
                        statement.executeQuery(
                                "select table_name, identity_base from information_schema.columns"
                                        + " where table_schema = 'PUBLIC' and identity_base is not"
                                        + " null order by table_name")) {
            while (bases.next()) {
                if (!NOT_CONFIGURATION.contains(bases.getString(1))) {
                    identities.put(bases.getString(1), bases.getLong(2));
                }
            }
        }
        return identities;
    }

    private static List<String> strings(Connection database, String sql) throws SQLException {
        var strings = new ArrayList<String>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }
}
