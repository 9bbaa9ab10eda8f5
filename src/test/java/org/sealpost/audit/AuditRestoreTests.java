package org.sealpost.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sealpost.audit.AuditTrail.Entry;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Database and files of the audit trail are completed from each other, on both databases. */
@SuppressWarnings("NullAway.Init") // each test opens its database
class AuditRestoreTests {

    enum Kind {
        H2,
        POSTGRESQL
    }

    private static final Instant AT = Instant.parse("2026-03-31T23:59:59.123456Z");
    private static EmbeddedPostgres postgres;

    @TempDir private Path folder;
    private AuditRows rows;
    private TransactionTemplate transaction;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @ParameterizedTest
    @EnumSource
    void aLostDatabaseIsFilledFromTheFiles(Kind kind) throws IOException {
        openDatabase(kind);
        Entry first = add(entry("policy.created", AT, "{\"level\":\"secure\"}"));
        Entry second = add(entry("user.removed", AT.plusSeconds(1), null));
        files().append(List.of(first, second));
        openDatabase(kind);

        AuditRestore.complete(rows, files(), transaction);

        assertThat(rows.get(first.id())).isEqualTo(first);
        assertThat(rows.get(second.id())).isEqualTo(second);
        assertThat(add(entry("route.created", AT, null)).id()).isGreaterThan(second.id());
        assertThat(read()).containsExactly(first, second);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasCommittedAndNotCopiedIsCopied(Kind kind) throws IOException {
        openDatabase(kind);
        Entry copied = add(entry("policy.created", AT, null));
        Entry left = add(entry("policy.removed", AT, null));
        files().append(List.of(copied));

        AuditRestore.complete(rows, files(), transaction);
        AuditRestore.complete(rows, files(), transaction);

        assertThat(read()).containsExactly(copied, left);
    }

    @ParameterizedTest
    @EnumSource
    void whatRetentionRemovedStaysRemoved(Kind kind) throws IOException {
        openDatabase(kind);
        Entry old = add(entry("policy.created", AT, null));
        Entry kept = add(entry("policy.removed", AT, null));
        files().append(List.of(old, kept));
        openDatabase(kind);
        rows.restore(kept);

        AuditRestore.complete(rows, files(), transaction);

        assertThat(rows.ids()).containsExactly(kept.id());
    }

    @Test
    void aLineCutOffByACrashCostsNoOtherEntry() throws IOException {
        openDatabase(Kind.H2);
        Entry first = add(entry("policy.created", AT, null));
        Entry cut = add(entry("policy.changed", AT, "{\"note\":\"ä\"}"));
        files().append(List.of(first, cut));
        Path file = folder.resolve("audit/2026-03.jsonl");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 6)); // within the ä

        AuditRestore.complete(rows, files(), transaction);
        Entry next = add(entry("policy.removed", AT, null));
        files().append(List.of(next));

        assertThat(read()).containsExactly(first, cut, next);
    }

    @Test
    void eachMonthHasItsFileThatOnlyTheOwnerReads() throws IOException {
        openDatabase(Kind.H2);
        files().append(
                        List.of(
                                add(entry("policy.created", AT, null)),
                                add(entry("policy.removed", AT.plusSeconds(1), null))));

        for (String month : List.of("2026-03", "2026-04")) {
            Path file = folder.resolve("audit").resolve(month + ".jsonl");
            assertThat(Files.readAllLines(file)).hasSize(1);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailure() throws IOException {
        openDatabase(Kind.H2);
        Files.writeString(folder.resolve("audit"), "", StandardOpenOption.CREATE_NEW);

        assertThatThrownBy(() -> files().append(List.of(entry("policy.created", AT, null))))
                .isInstanceOf(IOException.class);
    }

    private static Entry entry(String action, Instant at, @Nullable String after) {
        return new Entry(0, at, "admin", "192.0.2.1", action, "policy 1", null, after);
    }

    private AuditFiles files() {
        return new AuditFiles(folder.resolve("audit"));
    }

    private List<Entry> read() throws IOException {
        var entries = new ArrayList<Entry>();
        files().forEach(entries::add);
        return entries;
    }

    /** A new, empty database. */
    private void openDatabase(Kind kind) {
        DataSource database =
                switch (kind) {
                    case H2 -> {
                        var h2 = new JdbcDataSource();
                        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
                        yield h2;
                    }
                    case POSTGRESQL -> {
                        String name = "a" + UUID.randomUUID().toString().replace("-", "");
                        JdbcClient.create(postgres.getPostgresDatabase())
                                .sql("create database " + name)
                                .update();
                        yield postgres.getDatabase("postgres", name);
                    }
                };
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/common")
                .load()
                .migrate();
        rows = new AuditRows(new JdbcTemplate(database));
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    private Entry add(Entry entry) {
        return rows.add(List.of(entry)).getFirst();
    }
}
