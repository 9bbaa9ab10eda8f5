package org.sealpost.settings.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * How far the database's changes were handed to the files.
 *
 * @param lineage which files
 * @param number the newest commit in them that the database knows of
 */
record Mark(String lineage, long number) {

    static @Nullable Mark read(Connection database) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet mark =
                        statement.executeQuery(
                                "select lineage, number from configuration_mark where id = 1")) {
            return mark.next() ? new Mark(mark.getString(1), mark.getLong(2)) : null;
        }
    }

    void write(Connection database) throws SQLException {
        try (PreparedStatement merge =
                database.prepareStatement(
                        "merge into configuration_mark (id, lineage, number) values (1, ?, ?)")) {
            merge.setString(1, lineage);
            merge.setLong(2, number);
            merge.executeUpdate();
        }
    }
}
