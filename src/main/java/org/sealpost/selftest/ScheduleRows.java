package org.sealpost.selftest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.Order.Subject;
import org.sealpost.selftest.SelfTestSchedules.Schedule;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;

/** The table of schedules. */
@Component
class ScheduleRows {

    private static final String SELECT =
            "select id, kind, name, every_millis, administrator, created_by, created_at from"
                    + " self_test_schedule ";

    private final JdbcClient database;

    ScheduleRows(JdbcClient database) {
        this.database = database;
    }

    /**
     * A row.
     *
     * @param administrator whether the one who made it may connect everywhere
     */
    record Row(Schedule schedule, Subject subject, boolean administrator) {

        boolean isOfRules() {
            return subject.kind().equals(Subject.RULES);
        }

        NewSelfTest asked() {
            return new NewSelfTest(schedule.listener(), schedule.destination(), schedule.nextHop());
        }
    }

    long insert(
            Subject subject, Duration every, boolean administrator, String createdBy, Instant now) {
        var key = new GeneratedKeyHolder();
        database.sql(
                        "insert into self_test_schedule (kind, name, every_millis, administrator,"
                                + " created_by, created_at) values (?, ?, ?, ?, ?, ?)")
                .params(
                        subject.kind(),
                        subject.name(),
                        every.toMillis(),
                        administrator,
                        createdBy,
                        now.atOffset(ZoneOffset.UTC))
                .update(key, "id");
        Number id = key.getKey();
        if (id == null) {
            throw new IllegalStateException("the database gave no id");
        }
        return id.longValue();
    }

    List<Row> all() {
        return database.sql(SELECT + "order by id").query(ScheduleRows::row).list();
    }

    Optional<Row> find(long id) {
        return database.sql(SELECT + "where id = ?").param(id).query(ScheduleRows::row).optional();
    }

    void delete(long id) {
        database.sql("delete from self_test_schedule where id = ?").param(id).update();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        var subject = new Subject(row.getString(2), row.getString(3), null);
        return new Row(
                new Schedule(
                        row.getLong(1),
                        named(subject, Subject.LISTENER),
                        named(subject, Subject.DESTINATION),
                        named(subject, Subject.NEXT_HOP),
                        named(subject, Subject.RULES),
                        Duration.ofMillis(row.getLong(4)),
                        row.getString(6),
                        row.getObject(7, OffsetDateTime.class).toInstant()),
                subject,
                row.getBoolean(5));
    }

    private static @Nullable String named(Subject subject, String kind) {
        return subject.kind().equals(kind) ? subject.name() : null;
    }
}
