package org.sealpost.policy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The table of relaxed rules. */
@Component
class RelaxationRows {

    private static final String SELECT =
            "select id, next_hop, level, usual_level, rule_id, rule_version, before_document,"
                    + " until_at, created_by from policy_relaxation ";

    private final JdbcClient database;
    private final JsonMapper json;

    RelaxationRows(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /**
     * A row.
     *
     * @param ruleVersion the rule's when it was relaxed: another one was changed by somebody since
     * @param before the rule as it was; null when there was none
     */
    record Row(
            Relaxation relaxation, long ruleId, long ruleVersion, @Nullable PolicyDraft before) {}

    void insert(Relaxation one, TlsPolicy rule, @Nullable PolicyDraft before) {
        database.sql(
                        "insert into policy_relaxation (next_hop, level, usual_level, rule_id,"
                                + " rule_version, before_document, until_at, created_by)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(one.nextHop(), one.level(), one.usualLevel(), rule.id(), rule.version())
                .param(before == null ? null : json.writeValueAsString(before))
                .params(one.until().atOffset(ZoneOffset.UTC), one.createdBy())
                .update();
    }

    List<Row> all() {
        return database.sql(SELECT + "order by next_hop").query(this::row).list();
    }

    Optional<Row> find(long id) {
        return database.sql(SELECT + "where id = ?").param(id).query(this::row).optional();
    }

    Optional<Row> of(String nextHop) {
        return database.sql(SELECT + "where next_hop = ?")
                .param(nextHop)
                .query(this::row)
                .optional();
    }

    List<Row> due(Instant now) {
        return database.sql(SELECT + "where until_at <= ?")
                .param(now.atOffset(ZoneOffset.UTC))
                .query(this::row)
                .list();
    }

    void delete(long id) {
        database.sql("delete from policy_relaxation where id = ?").param(id).update();
    }

    private Row row(ResultSet row, int number) throws SQLException {
        String before = row.getString(7);
        return new Row(
                new Relaxation(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(8, OffsetDateTime.class).toInstant(),
                        row.getString(9)),
                row.getLong(5),
                row.getLong(6),
                before == null ? null : json.readValue(before, PolicyDraft.class));
    }
}
