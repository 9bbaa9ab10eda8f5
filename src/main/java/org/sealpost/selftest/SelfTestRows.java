package org.sealpost.selftest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.Order.Subject;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The table of self-tests. What one has shown is a document in its row. */
@Component
class SelfTestRows {

    private static final String SELECT =
            "select id, state, started_how, kind, name, next_hop, started_by, created_at, started_at,"
                    + " finished_at, report from self_test ";
    private static final int LONGEST_REPORT = 1_000_000;

    private final JdbcClient database;
    private final JsonMapper json;

    SelfTestRows(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    long insert(Subject subject, String trigger, String startedBy, Instant now) {
        return insert(subject, trigger, startedBy, now, null);
    }

    /**
     * @param batch which it is part of; null for one that was started alone
     */
    long insert(
            Subject subject, String trigger, String startedBy, Instant now, @Nullable Long batch) {
        var key = new GeneratedKeyHolder();
        database.sql(
                        "insert into self_test (state, started_how, kind, name, next_hop, started_by,"
                                + " created_at, batch_id) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .param(SelfTestState.QUEUED.word())
                .param(trigger)
                .param(subject.kind())
                .param(subject.name())
                .param(subject.nextHop())
                .param(startedBy)
                .param(time(now))
                .param(batch)
                .update(key, "id");
        Number id = key.getKey();
        if (id == null) {
            throw new IllegalStateException("the database gave no id");
        }
        return id.longValue();
    }

    void begin(long id, Instant now) {
        database.sql("update self_test set state = ?, started_at = ? where id = ? and state = ?")
                .params(SelfTestState.RUNNING.word(), time(now), id, SelfTestState.QUEUED.word())
                .update();
    }

    void finish(long id, SelfTestState state, Instant now, Report report) {
        database.sql(
                        "update self_test set state = ?, finished_at = ?, report = ?, worse = ?,"
                                + " outcome = ? where id = ?")
                .param(state.word())
                .param(time(now))
                .param(document(report))
                .param(!report.worse().isEmpty())
                .param(report.verdict() == null ? null : report.verdict().outcome())
                .param(id)
                .update();
    }

    /** Ends all of a batch that wait. */
    void cancelQueued(long batch, Instant now, Report report) {
        database.sql(
                        "update self_test set state = ?, finished_at = ?, report = ? where batch_id ="
                                + " ? and state = ?")
                .params(
                        SelfTestState.CANCELLED.word(),
                        time(now),
                        document(report),
                        batch,
                        SelfTestState.QUEUED.word())
                .update();
    }

    /** What the last test of the same showed that ran to its end. */
    Optional<Report> before(long id, Subject subject) {
        return database.sql(
                        "select report from self_test where kind = ? and name = ? and id < ? and"
                                + " state = ? order by id desc limit 1")
                .params(subject.kind(), subject.name(), id, SelfTestState.DONE.word())
                .query(String.class)
                .optional()
                .map(text -> json.readValue(text, Report.class));
    }

    /** Those of the same subject that ran to their end, up to one of them, newest first. */
    List<SelfTest> history(long id, int most) {
        return database.sql(
                        SELECT
                                + "where (kind, name) in (select kind, name from self_test where id"
                                + " = ?) and id <= ? and state = ? order by id desc limit ?")
                .params(id, id, SelfTestState.DONE.word(), most)
                .query(this::test)
                .list();
    }

    /** The newest test of a subject that was started in a way. */
    Optional<SelfTest> last(Subject subject, String trigger) {
        return database.sql(
                        SELECT
                                + "where kind = ? and name = ? and started_how = ? order by id desc"
                                + " limit 1")
                .params(subject.kind(), subject.name(), trigger)
                .query(this::test)
                .optional();
    }

    /** Tests since a time that found something worse, the newest of each subject. */
    List<SelfTest> worsened(Instant since, int most) {
        return database
                .sql(
                        SELECT
                                + "t where worse = true and created_at >= ? and not exists (select 1"
                                + " from self_test later where later.kind = t.kind and later.name ="
                                + " t.name and later.id > t.id and later.worse = true) order by id"
                                + " desc limit ?")
                .params(time(since), most)
                .query(this::test)
                .list()
                .stream()
                .map(SelfTest::inShort)
                .toList();
    }

    /** Deletes the oldest rows that were made before a time, a few at once. */
    int deleteBefore(Instant oldest, int most) {
        Long last =
                database.sql(
                                "select max(id) from (select id from self_test where created_at < ?"
                                        + " order by id limit ?) oldest")
                        .params(time(oldest), most)
                        .query(Long.class)
                        .optional()
                        .orElse(null);
        return last == null
                ? 0
                : database.sql("delete from self_test where id <= ? and created_at < ?")
                        .params(last, time(oldest))
                        .update();
    }

    /** What a stopped process left behind will never go on. */
    void abandon(Instant now, Report report) {
        database.sql(
                        "update self_test set state = ?, finished_at = ?, report = ? where state in"
                                + " (?, ?)")
                .params(
                        SelfTestState.FAILED.word(),
                        time(now),
                        document(report),
                        SelfTestState.QUEUED.word(),
                        SelfTestState.RUNNING.word())
                .update();
    }

    Optional<SelfTest> find(long id) {
        return database.sql(SELECT + "where id = ?").param(id).query(this::test).optional();
    }

    List<SelfTest> page(HistoryFilter filter, boolean newestFirst, @Nullable Long seen, int size) {
        var arguments = new ArrayList<Object>();
        String where = where(filter, arguments);
        if (seen != null) {
            where += newestFirst ? " and id < ?" : " and id > ?";
            arguments.add(seen);
        }
        arguments.add(size);
        return database
                .sql(SELECT + where + " order by id " + (newestFirst ? "desc" : "asc") + " limit ?")
                .params(arguments)
                .query(this::test)
                .list()
                .stream()
                .map(SelfTest::inShort)
                .toList();
    }

    long count(HistoryFilter filter) {
        var arguments = new ArrayList<Object>();
        return database.sql("select count(*) from self_test " + where(filter, arguments))
                .params(arguments)
                .query(Long.class)
                .single();
    }

    private static String where(HistoryFilter filter, List<Object> arguments) {
        var where = new StringBuilder("where lower(name) like ? escape '!'");
        arguments.add(pattern(filter.q()));
        Long batch = filter.batch();
        if (batch != null) {
            where.append(" and batch_id = ?");
            arguments.add(batch);
        }
        String result = filter.result();
        if (result != null) {
            where.append(
                    switch (result) {
                        case HistoryFilter.ENCRYPTED -> " and outcome = 'deliver-encrypted'";
                        case HistoryFilter.CLEAR -> " and outcome = 'deliver-clear'";
                        case HistoryFilter.WAITS ->
                                " and state = 'done' and (outcome is null or outcome not like"
                                        + " 'deliver%')";
                        case HistoryFilter.WORSE -> " and worse = true";
                        default -> throw new IllegalArgumentException(result);
                    });
        }
        return where.toString();
    }

    private static String pattern(@Nullable String q) {
        String text = q == null ? "" : q.strip().toLowerCase(Locale.ROOT);
        return "%" + text.replaceAll("([%_!])", "!$1") + "%";
    }

    /** A report that is too long to be stored loses its transcripts and chains. */
    private String document(Report report) {
        String text = json.writeValueAsString(report);
        if (text.length() > LONGEST_REPORT) {
            text = json.writeValueAsString(report.inShort());
        }
        return text;
    }

    private SelfTest test(ResultSet row, int number) throws SQLException {
        String document = row.getString(11);
        Report report = document == null ? Report.NOTHING : json.readValue(document, Report.class);
        return of(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                new Subject(row.getString(4), row.getString(5), row.getString(6)),
                row.getString(7),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                instant(row, 9),
                instant(row, 10),
                report);
    }

    /** A test as everybody sees it. */
    static SelfTest of(
            long id,
            String state,
            String trigger,
            Subject subject,
            String startedBy,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            Report report) {
        return new SelfTest(
                id,
                state,
                trigger,
                subject.kind().equals(Subject.LISTENER) ? subject.name() : null,
                subject.kind().equals(Subject.DESTINATION) ? subject.name() : null,
                report.nextHop() == null ? subject.nextHop() : report.nextHop(),
                startedBy,
                createdAt,
                startedAt,
                finishedAt,
                report.summary(),
                report.verdict(),
                report.targets(),
                report.commands(),
                report.grade(),
                report.reasons(),
                report.worse());
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime time(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
