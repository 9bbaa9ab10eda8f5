package org.sealpost.eventlog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.sealpost.eventlog.ConnectionEvent.Step;
import org.sealpost.eventlog.Watches.Transcript;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables of watches and of what they kept. */
@Component
class WatchRows {

    /** A watch that kept this much keeps no more. */
    static final long MOST_OCTETS = 5_000_000;

    private static final String SELECT =
            "select id, direction, peer, level, sessions, taken, octets, until_at, created_by,"
                    + " created_at from connection_watch ";
    private static final TypeReference<List<Step>> STEPS = new TypeReference<>() {};

    private final JdbcClient database;
    private final JsonMapper json;

    WatchRows(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    long insert(Watch watch) {
        var key = new GeneratedKeyHolder();
        database.sql(
                        "insert into connection_watch (direction, peer, level, sessions, taken, octets,"
                                + " until_at, created_by, created_at) values (?, ?, ?, ?, 0, 0, ?, ?, ?)")
                .params(watch.direction(), watch.peer(), watch.level())
                .param(watch.sessions())
                .params(utc(watch.until()), watch.createdBy(), utc(watch.createdAt()))
                .update(key, "id");
        Number id = key.getKey();
        if (id == null) {
            throw new IllegalStateException("the database gave no id");
        }
        return id.longValue();
    }

    List<Watch> all(Instant now) {
        return database.sql(SELECT + "order by id desc")
                .query((row, number) -> watch(row, now))
                .list();
    }

    Optional<Watch> find(long id, Instant now) {
        return database.sql(SELECT + "where id = ?")
                .param(id)
                .query((row, number) -> watch(row, now))
                .optional();
    }

    void end(long id, Instant now) {
        database.sql("update connection_watch set until_at = ? where id = ? and until_at > ?")
                .params(utc(now), id, utc(now))
                .update();
    }

    void delete(long id) {
        database.sql("delete from connection_watch where id = ?").param(id).update();
    }

    void deleteEndedBefore(Instant time) {
        database.sql("delete from connection_watch where until_at < ?").param(utc(time)).update();
    }

    /** Keeps a session, unless the watch has all it wanted. */
    @Transactional
    public void keep(long watch, Transcript session) {
        String steps = json.writeValueAsString(session.steps());
        int counted =
                database.sql(
                                "update connection_watch set taken = taken + 1, octets = octets + ?"
                                        + " where id = ? and taken < sessions and octets < ?")
                        .params(steps.length(), watch, MOST_OCTETS)
                        .update();
        if (counted == 1) {
            database.sql(
                            "insert into connection_transcript (watch_id, at, session, queue_id, peer,"
                                    + " text, steps) values (?, ?, ?, ?, ?, ?, ?)")
                    .params(watch, utc(session.at()), session.session())
                    .param(session.queueId())
                    .param(session.peer())
                    .params(session.text(), steps)
                    .update();
        }
    }

    List<Transcript> transcripts(long watch) {
        return database.sql(
                        "select at, session, queue_id, peer, text, steps from connection_transcript"
                                + " where watch_id = ? order by id")
                .param(watch)
                .query((row, number) ->
                        new Transcript(
                                row.getObject(1, OffsetDateTime.class).toInstant(),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                json.readValue(row.getString(6), STEPS)))
                .list();
    }

    private static Watch watch(ResultSet row, Instant now) throws SQLException {
        Integer sessions = row.getObject(5, Integer.class);
        int taken = row.getInt(6);
        Instant until = row.getObject(8, OffsetDateTime.class).toInstant();
        return new Watch(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                sessions,
                taken,
                until,
                row.getString(9),
                row.getObject(10, OffsetDateTime.class).toInstant(),
                until.isAfter(now)
                        && (sessions == null || taken < sessions)
                        && row.getLong(7) < MOST_OCTETS);
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
