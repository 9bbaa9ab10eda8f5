package org.sealpost.selftest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.SelfTestBatches.Batch;
import org.sealpost.selftest.SelfTestBatches.LeftOut;
import org.sealpost.selftest.SelfTestBatches.Mail;
import org.sealpost.selftest.SelfTestBatches.Tests;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table of batches; what became of one is counted over its tests. */
@Component
class BatchRows {

    private static final String SELECT =
            """
            select b.id, b.rules, b.started_how, b.started_by, b.created_at, b.left_out,
              count(t.id),
              sum(case when t.state = 'queued' then 1 else 0 end),
              sum(case when t.state = 'running' then 1 else 0 end),
              sum(case when t.state = 'done' then 1 else 0 end),
              sum(case when t.state = 'failed' then 1 else 0 end),
              sum(case when t.state = 'cancelled' then 1 else 0 end),
              sum(case when t.outcome = 'deliver-encrypted' then 1 else 0 end),
              sum(case when t.outcome = 'deliver-clear' then 1 else 0 end),
              sum(case when t.worse then 1 else 0 end),
              max(t.finished_at)
            from self_test_batch b left join self_test t on t.batch_id = b.id
            """;
    private static final String GROUP =
            " group by b.id, b.rules, b.started_how, b.started_by, b.created_at, b.left_out ";

    private final JdbcClient database;
    private final JsonMapper json;

    BatchRows(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    long insert(
            @Nullable String rules,
            String trigger,
            String startedBy,
            Instant now,
            List<LeftOut> leftOut) {
        var key = new GeneratedKeyHolder();
        database.sql(
                        "insert into self_test_batch (rules, started_how, started_by, created_at,"
                                + " left_out) values (?, ?, ?, ?, ?)")
                .param(rules)
                .param(trigger)
                .param(startedBy)
                .param(time(now))
                .param(json.writeValueAsString(leftOut))
                .update(key, "id");
        Number id = key.getKey();
        if (id == null) {
            throw new IllegalStateException("the database gave no id");
        }
        return id.longValue();
    }

    Optional<Batch> find(long id) {
        return database.sql(SELECT + "where b.id = ?" + GROUP)
                .param(id)
                .query(this::batch)
                .optional();
    }

    /** When the newest batch of these rules was started by a schedule. */
    Optional<Instant> lastOfSchedule(String rules) {
        return database.sql(
                        "select created_at from self_test_batch where rules = ? and started_how ="
                                + " 'schedule' order by id desc limit 1")
                .param(rules)
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /** The caller's newest batch. */
    Optional<Long> lastOf(String startedBy) {
        return database.sql(
                        "select id from self_test_batch where started_by = ? and started_how ="
                                + " 'manual' order by id desc limit 1")
                .param(startedBy)
                .query(Long.class)
                .optional();
    }

    List<Batch> page(@Nullable Long seen, int size) {
        return database.sql(
                        SELECT
                                + "where b.id in (select id from self_test_batch where id < ? order"
                                + " by id desc limit ?)"
                                + GROUP
                                + "order by b.id desc")
                .params(seen == null ? Long.MAX_VALUE : seen, size)
                .query(this::batch)
                .list();
    }

    long count() {
        return database.sql("select count(*) from self_test_batch").query(Long.class).single();
    }

    /** Those without tests are of no use to anybody. */
    void deleteBefore(Instant oldest) {
        database.sql(
                        "delete from self_test_batch where created_at < ? and not exists (select 1"
                                + " from self_test t where t.batch_id = self_test_batch.id)")
                .param(time(oldest))
                .update();
    }

    private Batch batch(ResultSet row, int number) throws SQLException {
        var tests =
                new Tests(
                        row.getLong(7),
                        row.getLong(8),
                        row.getLong(9),
                        row.getLong(10),
                        row.getLong(11),
                        row.getLong(12));
        long encrypted = row.getLong(13);
        long clear = row.getLong(14);
        boolean over = tests.over() == tests.total();
        OffsetDateTime finished = row.getObject(16, OffsetDateTime.class);
        return new Batch(
                row.getLong(1),
                !over ? "running" : tests.cancelled() > 0 ? "cancelled" : "done",
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getObject(5, OffsetDateTime.class).toInstant(),
                over && finished != null ? finished.toInstant() : null,
                tests,
                new Mail(encrypted, clear, Math.max(0, tests.done() - encrypted - clear)),
                row.getLong(15),
                json.readValue(row.getString(6), new TypeReference<List<LeftOut>>() {}));
    }

    private static OffsetDateTime time(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
