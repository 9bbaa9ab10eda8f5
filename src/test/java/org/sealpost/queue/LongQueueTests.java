package org.sealpost.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sealpost.mail.QueueId;
import org.sealpost.testing.Database;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/** With 100,000 messages a claim and a page run as few statements over as few rows as with ten. */
@SuppressWarnings("NullAway.Init") // each test fills its database first
class LongQueueTests {

    private static final int MESSAGES = 100_000;
    private static final int SIZE = 100;
    private static final int HELD = 1_000;
    private static final int EIGHT_MEGABYTES = 8 * 1024 * 1024;
    private static final OffsetDateTime EVER = Instant.EPOCH.atOffset(ZoneOffset.UTC);
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final OffsetDateTime LATER = NOON.plusSeconds(MESSAGES).atOffset(ZoneOffset.UTC);

    private Database database;
    private JdbcTemplate jdbc;
    private QueueIndex index;
    private final List<String> statements = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(Database.class)
    void aLongQueueCostsNoMoreThanAShortOne(Database kind) {
        fill(kind);

        findsTheNextDueMessageByTheIndex();
        showsAPageWithThreeStatementsAndReadsOnlyThat();
        showsAStateWithoutALookAtTheOthers();
        countsWithOneStatementEach();
        needsNoMoreMemory();
        claimsWithThreeStatementsAndReadsOnlyWhatItTakes();
    }

    private void fill(Database kind) {
        database = kind;
        kind.emptyQueue();
        DriverManagerDataSource source = kind.shared();
        jdbc = new JdbcTemplate(source);
        String numbers =
                database == Database.H2
                        ? "(select x as n from system_range(1, " + MESSAGES + ")) s"
                        : "generate_series(1, " + MESSAGES + ") s(n)";
        // The first half is overdue at noon, the second half waits for its time.
        jdbc.update(
                "insert into queue_message (id, state, sender, size, received_at, expires_at,"
                        + " due_at, attempts) select '01K87JARX' || (10000 + mod(n, 90000)) ||"
                        + " (n / 90000), 'queued', 'a@from.example', 1000, ?, ?, cast(? as timestamp"
                        + " with time zone) + n * interval '1' second, 0 from "
                        + numbers,
                NOON.atOffset(ZoneOffset.UTC),
                LATER,
                NOON.minusSeconds(MESSAGES / 2).atOffset(ZoneOffset.UTC));
        jdbc.update(
                "insert into queue_recipient (message_id, position, address, state) select id, 0,"
                        + " 'b@to.example', 'queued' from queue_message");
        jdbc.update("update queue_message set state = 'held', due_at = null where id like '%99__'");
        jdbc.execute(database == Database.H2 ? "analyze" : "vacuum analyze");
        index =
                new QueueIndex(
                        new JdbcTemplate(noting(source)),
                        JsonMapper.shared(),
                        kind == Database.H2 ? QueueDatabase.EMBEDDED : QueueDatabase.POSTGRESQL);
    }

    private void claimsWithThreeStatementsAndReadsOnlyWhatItTakes() {
        statements.clear();
        var claim = index.claim(SIZE, NOON, _ -> Optional.empty());

        assertThat(claim.taken()).hasSize(SIZE);
        assertThat(statements).hasSize(3).first().asString().contains("order by due_at limit ?");
        reads(
                "queue_message_due",
                statements.getFirst(),
                EVER,
                NOON.atOffset(ZoneOffset.UTC),
                SIZE);
        statements.clear();
        index.claim(SIZE, NOON, _ -> Optional.of(NOON.plusSeconds(1)));
        assertThat(statements).hasSize(3);
    }

    private void findsTheNextDueMessageByTheIndex() {
        statements.clear();
        assertThat(index.nextDue()).contains(NOON.minusSeconds(MESSAGES / 2 - 1));

        reads("queue_message_due", statements.getFirst(), EVER);
    }

    private void showsAPageWithThreeStatementsAndReadsOnlyThat() {
        statements.clear();
        var first = index.page(QueueFilter.ALL, QueueOrder.OLDEST_FIRST, null, SIZE);
        assertThat(first).hasSize(SIZE);
        assertThat(statements).hasSize(3);
        reads(primaryKey(), statements.getFirst(), SIZE);

        statements.clear();
        var last = new QueueOrder.Place(null, new QueueId(first.getLast().id()));
        assertThat(index.page(QueueFilter.ALL, QueueOrder.OLDEST_FIRST, last, SIZE)).hasSize(SIZE);
        assertThat(statements).hasSize(3);
        reads(primaryKey(), statements.getFirst(), first.getLast().id(), SIZE);

        statements.clear();
        var byAttempt = new QueueOrder("nextAttemptAt", false);
        assertThat(index.page(QueueFilter.ALL, byAttempt, null, SIZE)).hasSize(SIZE);
        assertThat(statements).hasSize(3);
        reads("queue_message_due", statements.getFirst(), EVER, SIZE);
    }

    /** Those that are held, a hundredth, have no due time. */
    private void showsAStateWithoutALookAtTheOthers() {
        var held = new QueueFilter(null, "held", null);
        statements.clear();
        var page = index.page(held, QueueOrder.OLDEST_FIRST, null, SIZE);

        assertThat(page).hasSize(SIZE);
        reads("queue_message_state", statements.getFirst(), "held", SIZE);
        statements.clear();
        assertThat(index.count(held)).isEqualTo(HELD);
        assertThat(statements).hasSize(1);
        assertThat(plan("explain " + statements.getFirst(), "held"))
                .contains("queue_message_state");
    }

    private void countsWithOneStatementEach() {
        statements.clear();
        assertThat(index.count(QueueFilter.ALL)).isEqualTo(MESSAGES);
        assertThat(statements).hasSize(1);
        if (database == Database.H2) {
            assertThat(plan("explain " + statements.getFirst())).contains("direct lookup");
        }
        assertThat(index.countByState())
                .containsOnly(
                        Map.entry("queued", (long) MESSAGES - HELD),
                        Map.entry("held", (long) HELD));
    }

    /** H2 runs within this process, so what it needs for its answers counts, too. */
    private void needsNoMoreMemory() {
        for (Runnable work :
                List.<Runnable>of(
                        () -> index.page(QueueFilter.ALL, QueueOrder.OLDEST_FIRST, null, SIZE),
                        () -> index.count(QueueFilter.ALL),
                        () -> index.nextDue(),
                        () -> index.claim(SIZE, NOON, message -> Optional.of(NOON)))) {
            assertThat(allocated(work)).isLessThan(EIGHT_MEGABYTES);
        }
    }

    private static long allocated(Runnable work) {
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        work.run();
        long before = thread.getCurrentThreadAllocatedBytes();
        work.run();
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    private String primaryKey() {
        return database == Database.H2 ? "primary_key" : "queue_message_pkey";
    }

    /** The statement uses the index and reads hardly more than it returns, in H2 index and row. */
    private void reads(String usedIndex, String sql, Object... arguments) {
        String plan = plan("explain analyze " + sql, arguments);
        assertThat(plan).contains(usedIndex);
        Pattern rows =
                database == Database.H2
                        ? Pattern.compile("scancount: (\\d+)")
                        : Pattern.compile("rows=(\\d+)(?:\\.\\d+)? loops");
        assertThat(rows.matcher(plan).results().map(LongQueueTests::number).toList())
                .as(plan)
                .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(2 * SIZE + 2));
    }

    private String plan(String explain, Object... arguments) {
        return String.join("\n", jdbc.query(explain, (row, number) -> row.getString(1), arguments))
                .toLowerCase(Locale.ROOT);
    }

    private static int number(MatchResult result) {
        return Integer.parseInt(result.group(1));
    }

    private DelegatingDataSource noting(DriverManagerDataSource source) {
        return new DelegatingDataSource(source) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection real = super.getConnection();
                return (Connection)
                        Proxy.newProxyInstance(
                                Connection.class.getClassLoader(),
                                new Class<?>[] {Connection.class},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("prepareStatement")) {
                                        statements.add((String) arguments[0]);
                                    }
                                    try {
                                        return method.invoke(real, arguments);
                                    } catch (InvocationTargetException e) {
                                        throw e.getCause();
                                    }
                                });
            }
        };
    }
}
