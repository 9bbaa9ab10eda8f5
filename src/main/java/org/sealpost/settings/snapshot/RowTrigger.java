package org.sealpost.settings.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Notes which row was written, in the transaction that writes it: whatever writes, be it Hibernate,
 * JDBC or a cascade, no change of configuration can pass by. H2 makes one for each table.
 */
public final class RowTrigger implements Trigger {

    private String table = "";
    private int keyPosition;

    @Override
    public void init(
            Connection connection,
            String schema,
            String trigger,
            String tableName,
            boolean before,
            int type)
            throws SQLException {
        table = tableName;
        keyPosition = ConfigurationTables.keyPosition(connection, tableName);
    }

    @Override
    public void fire(Connection connection, Object @Nullable [] oldRow, Object @Nullable [] newRow)
            throws SQLException {
        String before = key(oldRow);
        String after = key(newRow);
        try (PreparedStatement note =
                connection.prepareStatement(
                        "insert into configuration_change (table_name, row_key) values (?, ?)")) {
            if (before != null) {
                note(note, before);
            }
            if (after != null && !after.equals(before)) {
                note(note, after);
            }
        }
        OpenTransactions.touch();
    }

    private @Nullable String key(Object @Nullable [] row) {
        return row == null ? null : Objects.toString(row[keyPosition]);
    }

    private void note(PreparedStatement note, String key) throws SQLException {
        note.setString(1, table);
        note.setString(2, key);
        note.executeUpdate();
    }
}
