package org.sealpost.audit;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditTrail.Entry;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;

/** The audit entries in the database; rows are added and never changed. */
@Component
class AuditRows {

    static final String COLUMNS =
            "id, made_at, actor, address, action, object, before_value, after_value";

    private final JdbcTemplate batches;
    private final JdbcClient database;

    AuditRows(JdbcTemplate jdbc) {
        this.batches = jdbc;
        this.database = JdbcClient.create(jdbc);
    }

    /** Adds entries whose ids are not known yet, and returns them with their ids. */
    List<Entry> add(List<Entry> entries) {
        var keys = new GeneratedKeyHolder();
        batches.batchUpdate(
                connection ->
                        connection.prepareStatement(
                                "insert into audit_entry (made_at, actor, address, action, object,"
                                        + " before_value, after_value) values (?, ?, ?, ?, ?, ?, ?)",
                                new String[] {"id"}),
                new BatchPreparedStatementSetter() {
                    @Override
                    public void setValues(PreparedStatement row, int i) throws SQLException {
                        List<@Nullable Object> values = values(entries.get(i), 0);
                        for (int column = 0; column < values.size(); column++) {
                            row.setObject(column + 1, values.get(column));
                        }
                    }

                    @Override
                    public int getBatchSize() {
                        return entries.size();
                    }
                },
                keys);
        var added = new ArrayList<Entry>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Number id = (Number) keys.getKeyList().get(i).values().iterator().next();
            added.add(withId(entries.get(i), id.longValue()));
        }
        return added;
    }

    private static Entry withId(Entry entry, long id) {
        return new Entry(
                id,
                entry.at(),
                entry.actor(),
                entry.address(),
                entry.action(),
                entry.object(),
                entry.before(),
                entry.after());
    }

    /** Adds an entry under the id it has in the files. */
    void restore(Entry entry) {
        database.sql("insert into audit_entry (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(values(entry, 1))
                .update();
    }

    private static List<@Nullable Object> values(Entry entry, int offset) {
        @Nullable Object[] values = new @Nullable Object[7 + offset];
        if (offset > 0) {
            values[0] = entry.id();
        }
        values[offset] = entry.at().atOffset(ZoneOffset.UTC);
        values[offset + 1] = entry.actor();
        values[offset + 2] = entry.address();
        values[offset + 3] = entry.action();
        values[offset + 4] = entry.object();
        values[offset + 5] = entry.before();
        values[offset + 6] = entry.after();
        return Arrays.asList(values);
    }

    Set<Long> ids() {
        var ids = new HashSet<Long>();
        database.sql("select id from audit_entry")
                .query(row -> {
                    ids.add(row.getLong(1));
                });
        return ids;
    }

    Entry get(long id) {
        return database.sql("select " + COLUMNS + " from audit_entry where id = ?")
                .param(id)
                .query(AuditRows::entry)
                .single();
    }

    /** Those of the ids that are still there. */
    List<Entry> all(List<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : database.sql("select " + COLUMNS + " from audit_entry where id in (:ids)")
                        .param("ids", ids)
                        .query(AuditRows::entry)
                        .list();
    }

    /**
     * Deletes the oldest entries made before a time, but never the newest of all.
     *
     * @return how many, at most {@code most}
     */
    int deleteBefore(Instant oldest, int most) {
        return database.sql(
                        "delete from audit_entry where id in (select id from audit_entry"
                                + " where made_at < :oldest"
                                + " and id < (select max(id) from audit_entry)"
                                + " order by id fetch first :most rows only)")
                .param("oldest", oldest.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .update();
    }

    /** The next entry gets an id above this one. */
    void continueAfter(long id) {
        // No parameters in DDL; a long cannot carry anything but digits.
        database.sql("alter table audit_entry alter column id restart with " + (id + 1)).update();
    }

    static Entry entry(ResultSet row, int number) throws SQLException {
        return new Entry(
                row.getLong(1),
                row.getTimestamp(2).toInstant(),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8));
    }
}
