package org.sealpost.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.audit.AuditTrail.Entry;
import org.sealpost.settings.SealpostHome;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What was done to files or database behind the audit's back is found. */
class AuditProofTests {

    private static final Instant AT = Instant.parse("2026-03-30T10:00:00Z");

    private final SealpostHome home;
    private final Path folder;
    private final AuditCopy copy;
    private final AuditFiles files;
    private final JdbcTemplate database;
    private final AuditRows rows;
    private final TransactionTemplate transaction;

    AuditProofTests(@TempDir Path folder) {
        this.home = SealpostHome.open(folder);
        this.folder = folder.resolve("audit");
        this.copy = new AuditCopy(home);
        this.files = copy.files();
        var h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        Flyway.configure()
                .dataSource(h2)
                .locations("classpath:db/migration/common")
                .load()
                .migrate();
        this.database = new JdbcTemplate(h2);
        this.rows = new AuditRows(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(h2));
    }

    @BeforeEach
    void sixEntriesInTwoMonths() throws IOException {
        for (int day = 0; day < 6; day++) {
            files.append(
                    rows.add(List.of(entry(AT.plus(Duration.ofDays(day)), "{\"rate\":1.50}"))));
        }
    }

    @AfterEach
    void close() throws IOException {
        home.close();
    }

    @Test
    void whatWasWrittenIsIntact() throws IOException {
        AuditProof.Report report = verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.intact()).isTrue();
        assertThat(report.entries()).isEqualTo(6);
        assertThat(lines("2026-04").getLast()).contains(report.head());
    }

    @Test
    void theChainGoesOnAfterARestart() throws IOException {
        new AuditCopy(home).files().append(rows.add(List.of(entry(AT.minusSeconds(1), null))));

        assertThat(verify().findings()).isEmpty();
        assertThat(verify().entries()).isEqualTo(7);
    }

    @Test
    void aChangedLineIsFound() throws IOException {
        edit(
                "2026-03",
                lines -> {
                    lines.set(1, lines.get(1).replace("\"admin\"", "\"nobody\""));
                    return lines;
                });

        assertThat(verify().findings())
                .extracting(AuditProof.Finding::file, AuditProof.Finding::line)
                .contains(tuple("2026-03.jsonl", 2));
    }

    @Test
    void aRemovedLineIsFoundAtTheNextOne() throws IOException {
        edit("2026-04", lines -> lines.subList(1, lines.size()));

        AuditProof.Report report = verify();

        assertThat(report.intact()).isFalse();
        assertThat(report.findings()).extracting(AuditProof.Finding::line).contains(1);
        assertThat(report.findings())
                .extracting(AuditProof.Finding::message)
                .anyMatch(text -> text.contains("in the database and in no file"));
    }

    @Test
    void aLineOfOnesOwnIsFound() throws IOException {
        edit(
                "2026-03",
                lines -> {
                    lines.add(AuditFiles.text(entry(AT, null)));
                    return lines;
                });

        assertThat(verify().findings())
                .extracting(AuditProof.Finding::message)
                .containsExactly("The line is not part of the chain.");
    }

    @Test
    void theEndCutOffInBothIsSeenByTheLinkThatWasNoted() throws IOException {
        String noted = verify().head();
        edit("2026-04", lines -> lines.subList(0, lines.size() - 1));
        database.update("delete from audit_entry where id = 6");

        assertThat(verify().head()).isNotEqualTo(noted);
        assertThat(Files.readString(folder.resolve("2026-04.jsonl"))).doesNotContain(noted);
    }

    @Test
    void aRowThatWasChangedOrRemovedIsFound() {
        database.update("update audit_entry set actor = 'nobody' where id = 2");
        database.update("delete from audit_entry where id = 4");

        assertThat(verify().findings())
                .extracting(AuditProof.Finding::message)
                .containsExactlyInAnyOrder(
                        "Entry 2 was changed in the database.",
                        "Entry 4 is gone from the database.");
    }

    @Test
    void filesOfAnOlderVersionMayStandBefore() throws IOException {
        Entry old = rows.add(List.of(entry(AT, null))).getFirst();
        Files.writeString(folder.resolve("2025-12.jsonl"), AuditFiles.text(old) + "\n");

        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void retentionTakesTheOldestAndLeavesAChainThatHolds() throws IOException {
        Instant april = Instant.parse("2026-04-02T00:00:00Z");

        while (AuditRetention.deleteSome(rows, files, april)) {
            // until none is left
        }

        assertThat(rows.ids()).containsExactlyInAnyOrder(4L, 5L, 6L);
        assertThat(folder.resolve("2026-03.jsonl")).doesNotExist();
        assertThat(verify().findings()).isEmpty();
        AuditRestore.complete(rows, files, transaction);
        assertThat(rows.ids()).containsExactlyInAnyOrder(4L, 5L, 6L);
    }

    @Test
    void retentionKeepsTheNewestOfAll() throws IOException {
        while (AuditRetention.deleteSome(rows, files, AT.plus(Duration.ofDays(4000)))) {
            // until none is left
        }

        assertThat(rows.ids()).containsExactly(6L);
    }

    private AuditProof.Report verify() {
        return new StoredAuditProof(copy, rows, Clock.systemUTC()).verify();
    }

    private List<String> lines(String month) throws IOException {
        return Files.readAllLines(folder.resolve(month + ".jsonl"));
    }

    private void edit(String month, UnaryOperator<List<String>> change) throws IOException {
        List<String> changed = change.apply(new ArrayList<>(lines(month)));
        Files.write(folder.resolve(month + ".jsonl"), changed);
    }

    private static Entry entry(Instant at, @Nullable String after) {
        return new Entry(0, at, "admin", "192.0.2.1", "policy.created", "policy 1", null, after);
    }
}
