package org.sealpost.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.sealpost.settings.StartupRefused;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Ties the spool folder to the database by a random id in both: a volume that is not mounted must
 * not look like an empty queue.
 */
final class SpoolIdentity {

    private final Path file;
    private final JdbcClient database;

    SpoolIdentity(Path spool, JdbcClient database) {
        this.file = spool.resolve(".id");
        this.database = database;
    }

    /** Gives a new spool folder its id. */
    void create() {
        String id = UUID.randomUUID().toString();
        database.sql("insert into queue_spool (id, spool_id) values (1, ?)").param(id).update();
        try {
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, id + "\n");
        } catch (IOException e) {
            throw new StartupRefused(
                    "The file " + file + " cannot be written: " + e.getMessage() + ".",
                    "Make the data folder writable for the user that runs Sealpost.",
                    e);
        }
    }

    /**
     * Makes sure that this is the spool the database knows.
     *
     * @throws StartupRefused when it is missing or another one
     */
    void require() {
        String expected =
                database.sql("select spool_id from queue_spool where id = 1")
                        .query((row, number) -> row.getString(1))
                        .single();
        String found = read();
        if (!expected.equals(found)) {
            throw new StartupRefused(
                    "The spool folder "
                            + file.resolveSibling("")
                            + (found.isEmpty() ? " has no id" : " belongs to another database")
                            + ", so the queued mail is elsewhere.",
                    "Mount or restore the folder that belongs to this database; nothing was changed.");
        }
    }

    private String read() {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new StartupRefused(
                    "The file " + file + " cannot be read: " + e.getMessage() + ".",
                    "Make it readable for the user that runs Sealpost.",
                    e);
        }
    }
}
