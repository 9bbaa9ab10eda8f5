package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.snapshot.ConfigurationTables.Table;
import org.sealpost.settings.snapshot.SavedConfiguration.Span;

/** Fills an empty database of the snapshot's own schema from the snapshot, ids included. */
final class Restore {

    private static final int BATCH = 1_000;

    private final Connection database;
    private final Map<String, Writer> writers = new HashMap<>();
    private final Map<String, Long> nextIds = new HashMap<>();

    private Restore(Connection database) {
        this.database = database;
    }

    /**
     * Restores everything or nothing.
     *
     * @return how many rows each table has now
     */
    static Map<String, Long> into(Connection database, SavedConfiguration saved)
            throws SQLException, IOException {
        database.setAutoCommit(false);
        var restore = new Restore(database);
        try (Statement statement = database.createStatement()) {
            List<Table> tables = ConfigurationTables.list(database);
            for (Table table : tables) {
                statement.execute("delete from " + table.name());
                restore.writers.put(table.name(), restore.new Writer(table));
            }
            statement.execute("set referential_integrity false");
            restore.nextIds.putAll(saved.base().identities());
            for (Span span : saved.spans()) {
                restore.apply(span);
            }
            Map<String, Long> rows = restore.count(tables);
            new Mark(saved.last().lineage(), saved.last().number()).write(database);
            database.commit();
            statement.execute("set referential_integrity true");
            restore.continueIds();
            database.setAutoCommit(true);
            statement.execute("checkpoint sync");
            return rows;
        }
    }

    /** All removals first: a new row may have taken over what had to be unique in an old one. */
    private void apply(Span span) throws SQLException, IOException {
        SavedConfiguration.<SQLException>visit(span, row -> writer(row).remove(row));
        flush();
        SavedConfiguration.<SQLException>visit(
                span,
                row -> {
                    if (row.values() != null) {
                        writer(row).insert(row);
                    }
                });
        flush();
    }

    private Writer writer(Row row) throws SQLException {
        Writer writer = writers.get(row.table());
        if (writer == null) {
            throw new SQLException("the snapshot holds a table unknown here: " + row.table());
        }
        return writer;
    }

    private void flush() throws SQLException {
        for (Writer writer : writers.values()) {
            writer.flush();
        }
    }

    private Map<String, Long> count(List<Table> tables) throws SQLException {
        var counts = new TreeMap<String, Long>();
        for (Table table : tables) {
            try (Statement statement = database.createStatement();
                    var count = statement.executeQuery("select count(*) from " + table.name())) {
                count.next();
                counts.put(table.name(), count.getLong(1));
            }
        }
        return counts;
    }

    /** An id that was given once is never given again, also when its row is gone. */
    private void continueIds() throws SQLException {
        try (Statement statement = database.createStatement()) {
            for (Writer writer : writers.values()) {
                Table table = writer.table;
                if (ConfigurationTables.identities(database).containsKey(table.name())) {
                    statement.execute(
                            "alter table "
                                    + table.name()
                                    + " alter column "
                                    + table.key()
                                    + " restart with "
                                    + nextIds.getOrDefault(table.name(), 1L));
                }
            }
        }
    }

    private final class Writer {

        private final Table table;
        private final List<String> columns;
        private final PreparedStatement insert;
        private final PreparedStatement delete;
        private int inserts;
        private int deletes;

        Writer(Table table) throws SQLException {
            this.table = table;
            this.columns = new ArrayList<>(table.types().keySet());
            this.insert =
                    database.prepareStatement(
                            "insert into "
                                    + table.name()
                                    + columns.stream().collect(Collectors.joining(", ", " (", ")"))
                                    + " values ("
                                    + String.join(", ", Collections.nCopies(columns.size(), "?"))
                                    + ")");
            this.delete =
                    database.prepareStatement(
                            "delete from " + table.name() + " where " + table.key() + " = ?");
        }

        void remove(Row row) throws SQLException {
            delete.setString(1, row.key());
            delete.addBatch();
            if (++deletes >= BATCH) {
                flush();
            }
            if (table.types().getOrDefault(table.key(), "").equals("BIGINT")) {
                nextIds.merge(table.name(), Long.parseLong(row.key()) + 1, Math::max);
            }
        }

        void insert(Row row) throws SQLException {
            Map<String, @Nullable String> values = row.values();
            for (int i = 0; values != null && i < columns.size(); i++) {
                insert.setString(i + 1, values.get(columns.get(i)));
            }
            insert.addBatch();
            if (++inserts >= BATCH) {
                flush();
            }
        }

        void flush() throws SQLException {
            if (deletes > 0) {
                delete.executeBatch();
                deletes = 0;
            }
            if (inserts > 0) {
                insert.executeBatch();
                inserts = 0;
            }
        }
    }
}
