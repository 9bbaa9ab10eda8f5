package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.snapshot.ConfigurationTables.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the changes the database has noted over to the files. A file whose force failed is never
 * written again: the kernel may have dropped the pages; a whole new generation takes its place.
 */
final class ChangeLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    private final EmbeddedDatabase database;
    private final String schema;
    private final ReentrantLock lock = new ReentrantLock();
    private Generation generation;
    private Mark mark;
    private @Nullable FileChannel log;
    private long baseSize;

    private ChangeLog(EmbeddedDatabase database, String schema, Generation generation, Mark mark) {
        this.database = database;
        this.schema = schema;
        this.generation = generation;
        this.mark = mark;
    }

    /** Goes on with files that agree with the database, behind their last whole commit. */
    static ChangeLog continued(
            EmbeddedDatabase database, String schema, SavedConfiguration saved, Mark mark)
            throws IOException {
        var changes = new ChangeLog(database, schema, saved.generation(), mark);
        FileChannel log =
                FileChannel.open(
                        saved.generation().log(),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (saved.cutOff()) {
            log.truncate(saved.end());
            log.force(true);
        }
        log.position(saved.end());
        changes.log = log;
        changes.baseSize = Files.size(saved.generation().base());
        changes.removeOlder();
        return changes;
    }

    /**
     * Begins with a new base.
     *
     * @param older the generation to follow and replace
     */
    static ChangeLog begun(EmbeddedDatabase database, String schema, Generation older, Mark mark)
            throws IOException, SQLException {
        var changes = new ChangeLog(database, schema, older, mark);
        try (Connection connection = database.connect()) {
            mark.write(connection);
        }
        database.force();
        changes.renew();
        return changes;
    }

    /** On return every change committed so far is on disk, in the database and in the files. */
    void save() throws IOException, SQLException {
        lock.lock();
        try (Connection moment = database.oneMoment()) {
            if (!Files.exists(generation.log())) {
                abandonLog(); // somebody removed it, and nobody would ever read what goes there
            }
            long through = newestChange(moment);
            if (through == 0 && log != null) {
                return;
            }
            database.force();
            if (log == null) {
                renew();
                return;
            }
            try {
                append(log, moment, through);
            } catch (IOException | SQLException | RuntimeException e) {
                abandonLog();
                throw e;
            }
            tickOff(moment, through);
            moment.commit();
        } finally {
            lock.unlock();
        }
    }

    private void append(FileChannel channel, Connection moment, long through)
            throws IOException, SQLException {
        var writer = new FrameWriter(channel);
        for (Table table : changedTables(moment)) {
            try (PreparedStatement query = moment.prepareStatement(table.changedRows())) {
                query.setString(1, table.name());
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        writer.row(table.row(rows, 1));
                    }
                }
            }
        }
        Mark next = new Mark(mark.lineage(), mark.number() + 1);
        writer.commit(new Commit(next.lineage(), next.number(), through, schema, Map.of()));
        mark = next;
    }

    private void tickOff(Connection moment, long through) throws SQLException {
        try (PreparedStatement delete =
                moment.prepareStatement("delete from configuration_change where seq <= ?")) {
            delete.setLong(1, through);
            delete.executeUpdate();
        }
        mark.write(moment);
    }

    private static long newestChange(Connection moment) throws SQLException {
        try (Statement statement = moment.createStatement();
                ResultSet newest =
                        statement.executeQuery("select max(seq) from configuration_change")) {
            newest.next();
            return newest.getLong(1);
        }
    }

    private static List<Table> changedTables(Connection moment) throws SQLException {
        var names = new ArrayList<String>();
        try (Statement statement = moment.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "select distinct table_name from configuration_change")) {
            while (found.next()) {
                names.add(found.getString(1));
            }
        }
        return ConfigurationTables.list(moment).stream()
                .filter(table -> names.contains(table.name()))
                .toList();
    }

    /** Whether the log has grown longer than what it changes. */
    boolean isLong() {
        lock.lock();
        try {
            return log != null && log.position() > Math.max(1 << 20, baseSize);
        } catch (IOException e) {
            return false; // the next change finds out what is wrong, and tells
        } finally {
            lock.unlock();
        }
    }

    /** Writes a new base while changes go on, and then switches over to it with their tail. */
    void renew() throws IOException, SQLException {
        Connection moment;
        Generation next;
        Commit commit;
        FileChannel older;
        long tail;
        lock.lock();
        try {
            moment = database.oneMoment();
            newestChange(moment); // the moment is now
            next = generation.next();
            older = log;
            tail = older == null ? 0 : older.position();
            commit =
                    new Commit(
                            mark.lineage(),
                            mark.number(),
                            0,
                            schema,
                            ConfigurationTables.identities(moment));
        } finally {
            lock.unlock();
        }
        try (moment) {
            BaseWriter.write(next, moment, commit);
            moment.rollback();
        }
        lock.lock();
        try {
            if ((older == null) != (log == null) || !generation.next().equals(next)) {
                throw new IOException("the log failed while a new base was written");
            }
            switchTo(next, older, tail);
        } finally {
            lock.unlock();
        }
    }

    private void switchTo(Generation next, @Nullable FileChannel older, long tail)
            throws IOException {
        FileChannel fresh = Generation.create(next.log());
        try {
            new FrameWriter(fresh).header();
            if (older != null) {
                long end = older.position();
                for (long place = tail; place < end; ) {
                    place += older.transferTo(place, end - place, fresh);
                }
            }
            fresh.force(true);
            Files.move(next.unfinishedBase(), next.base(), StandardCopyOption.ATOMIC_MOVE);
            next.forceFolder();
            baseSize = Files.size(next.base());
            abandonLog();
            log = fresh;
            generation = next;
        } catch (IOException | RuntimeException e) {
            // The new base may count already, so nothing must go into the older log any more.
            fresh.close();
            abandonLog();
            generation = next;
            throw e;
        }
        removeOlder();
    }

    private void removeOlder() {
        try {
            generation.removeOthers();
        } catch (IOException e) {
            LOG.warn(
                    "older files of the configuration snapshot cannot be removed: {}",
                    e.toString());
        }
    }

    private void abandonLog() throws IOException {
        if (log != null) {
            FileChannel failed = log;
            log = null;
            failed.close();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            abandonLog();
        } finally {
            lock.unlock();
        }
    }
}
