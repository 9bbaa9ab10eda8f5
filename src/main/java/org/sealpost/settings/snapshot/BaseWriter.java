package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sealpost.settings.snapshot.ConfigurationTables.Table;

/** Writes every row of the configuration, as of one moment, to a new base file. */
final class BaseWriter {

    private BaseWriter() {}

    /**
     * Writes and forces the file under its unfinished name.
     *
     * @param moment a transaction that sees one moment
     */
    static void write(Generation generation, Connection moment, Commit commit)
            throws IOException, SQLException {
        try (var channel = Generation.create(generation.unfinishedBase())) {
            var writer = new FrameWriter(channel);
            writer.header();
            for (Table table : ConfigurationTables.list(moment)) {
                try (Statement statement = moment.createStatement();
                        ResultSet rows = statement.executeQuery("select * from " + table.name())) {
                    while (rows.next()) {
                        writer.row(table.row(rows, 0));
                    }
                }
            }
            writer.commit(commit);
        }
    }
}
