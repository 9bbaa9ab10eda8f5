package org.sealpost.policy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** How long a start takes to read a million rules. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@Fork(value = 1, jvmArgs = "-Xmx2g")
public class LoadBenchmark {

    private static final int RULES = 1_000_000;

    private final JdbcDataSource database = new JdbcDataSource();

    @Setup
    public void fill() throws SQLException {
        database.setURL("jdbc:h2:file:./target/bench/rules;DB_CLOSE_DELAY=-1");
        try (Connection connection = database.getConnection()) {
            connection.createStatement().execute("drop all objects");
            connection
                    .createStatement()
                    .execute(
                            "create table tls_policy (id bigint primary key, next_hop varchar(300)"
                                    + " unique, level varchar(20), attributes varchar(20000), mode"
                                    + " varchar(20), client_certificate_id bigint, note"
                                    + " varchar(2000), version bigint)");
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement(
                            "insert into tls_policy values (?, ?, 'secure', ?, 'enforced', null,"
                                    + " '', 0)")) {
                for (int i = 0; i < RULES; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "host" + i + ".example");
                    insert.setString(
                            3, i % 2 == 0 ? "{}" : "{\"match\":[\"mx" + i % 50_000 + ".example\"]}");
                    insert.addBatch();
                    if (i % 10_000 == 0) {
                        insert.executeBatch();
                    }
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    @Benchmark
    public Object load() {
        DataSource source = database;
        var rows =
                new RuleRows(
                        source, new DataSourceTransactionManager(source), JsonMapper.shared());
        return PolicyTable.of(rows.all());
    }
}
