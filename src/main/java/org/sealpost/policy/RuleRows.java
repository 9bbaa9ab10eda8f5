package org.sealpost.policy;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;
import javax.sql.DataSource;
import org.sealpost.mail.StaleVersion;
import org.sealpost.tls.TlsLevel;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes many rules at once: row by row, without entities, and with one value for all
 * rules that have the same attributes, so that a million rules fit.
 */
@Component
class RuleRows {

    private static final int ROWS_AT_ONCE = 1_000;

    /** H2 compares each row it finds with the whole list, so a long list is slower. */
    private static final int LONGEST_LIST = 100;

    private static final String COLUMNS =
            "id, next_hop, level, attributes, mode, client_certificate_id, note, version";

    private final JdbcTemplate database;
    private final JdbcClient some;
    private final TransactionTemplate reading;
    private final JsonMapper json;

    RuleRows(DataSource database, PlatformTransactionManager transactions, JsonMapper json) {
        this.database = new JdbcTemplate(database);
        this.database.setFetchSize(ROWS_AT_ONCE);
        this.some = JdbcClient.create(this.database);
        this.reading = new TransactionTemplate(transactions); // PostgreSQL streams only inside one
        this.json = json;
    }

    List<TlsPolicy> all() {
        var rules = new ArrayList<TlsPolicy>();
        var reader = new Reader();
        reading.executeWithoutResult(status ->
                database.query(
                        "select " + COLUMNS + " from tls_policy",
                        row -> {
                            rules.add(reader.mapRow(row, 0));
                        }));
        return rules;
    }

    /** The rules with these ids, by id; one that is gone is left out. */
    Map<Long, TlsPolicy> find(Collection<Long> ids) {
        var rules = HashMap.<Long, TlsPolicy>newHashMap(ids.size());
        var reader = new Reader();
        for (List<Long> part : parts(ids, LONGEST_LIST)) {
            some.sql("select " + COLUMNS + " from tls_policy where id in (:ids)")
                    .param("ids", part)
                    .query(reader)
                    .list()
                    .forEach(rule -> rules.put(rule.id(), rule));
        }
        return rules;
    }

    /** Who has these keys: the ids of the rules by key; a free one is left out. */
    Map<String, Long> owners(Collection<String> keys) {
        var owners = HashMap.<String, Long>newHashMap(keys.size());
        for (List<String> part : parts(keys, LONGEST_LIST)) {
            some.sql("select next_hop, id from tls_policy where next_hop in (:keys)")
                    .param("keys", part)
                    .query(row -> {
                        owners.put(row.getString(1), row.getLong(2));
                    });
        }
        return owners;
    }

    /** Adds rules, and returns them in the same order. */
    List<TlsPolicy> insert(List<CheckedPolicy> rules) {
        var stored = new ArrayList<TlsPolicy>(rules.size());
        var documents = new Documents();
        for (List<CheckedPolicy> part : parts(rules, ROWS_AT_ONCE)) {
            var keys = new GeneratedKeyHolder();
            database.batchUpdate(
                    connection ->
                            connection.prepareStatement(
                                    "insert into tls_policy (next_hop, level, attributes, mode,"
                                            + " client_certificate_id, note, version)"
                                            + " values (?, ?, ?, ?, ?, ?, 0)",
                                    new String[] {"id"}),
                    new BatchPreparedStatementSetter() {
                        @Override
                        public void setValues(PreparedStatement row, int i) throws SQLException {
                            set(row, part.get(i), documents);
                        }

                        @Override
                        public int getBatchSize() {
                            return part.size();
                        }
                    },
                    keys);
            for (int i = 0; i < part.size(); i++) {
                long id =
                        ((Number) keys.getKeyList().get(i).values().iterator().next()).longValue();
                stored.add(stored(part.get(i), id, 0, documents));
            }
        }
        return stored;
    }

    /** Replaces each rule by the draft at the same place; refuses one that changed meanwhile. */
    List<TlsPolicy> replace(List<TlsPolicy> rules, List<CheckedPolicy> drafts) {
        var stored = new ArrayList<TlsPolicy>(rules.size());
        var documents = new Documents();
        each(
                "update tls_policy set next_hop = ?, level = ?, attributes = ?, mode = ?,"
                        + " client_certificate_id = ?, note = ?, version = version + 1"
                        + " where id = ? and version = ?",
                rules,
                (row, i) -> {
                    set(row, drafts.get(i), documents);
                    row.setLong(7, rules.get(i).id());
                    row.setLong(8, rules.get(i).version());
                });
        for (int i = 0; i < rules.size(); i++) {
            TlsPolicy before = rules.get(i);
            stored.add(stored(drafts.get(i), before.id(), before.version() + 1, documents));
        }
        return stored;
    }

    /** Removes rules; refuses one that changed meanwhile. */
    void remove(List<TlsPolicy> rules) {
        each(
                "delete from tls_policy where id = ? and version = ?",
                rules,
                (row, i) -> {
                    row.setLong(1, rules.get(i).id());
                    row.setLong(2, rules.get(i).version());
                });
    }

    private interface Values {
        void set(PreparedStatement row, int index) throws SQLException;
    }

    /** Runs a statement for each rule, and each has to meet its row. */
    private void each(String sql, List<TlsPolicy> rules, Values values) {
        for (int from = 0; from < rules.size(); from += ROWS_AT_ONCE) {
            int first = from;
            int size = Math.min(ROWS_AT_ONCE, rules.size() - first);
            int[] met =
                    database.batchUpdate(
                            sql,
                            new BatchPreparedStatementSetter() {
                                @Override
                                public void setValues(PreparedStatement row, int i)
                                        throws SQLException {
                                    values.set(row, first + i);
                                }

                                @Override
                                public int getBatchSize() {
                                    return size;
                                }
                            });
            for (int i = 0; i < size; i++) {
                if (met[i] == 0) {
                    throw new StaleVersion("TLS policy", rules.get(first + i).id());
                }
            }
        }
    }

    private static void set(PreparedStatement row, CheckedPolicy rule, Documents documents)
            throws SQLException {
        row.setString(1, rule.nextHop());
        row.setString(2, rule.level().word());
        row.setString(3, documents.text(rule.attributes()));
        row.setString(4, rule.mode());
        row.setObject(5, rule.clientCertificateId(), Types.BIGINT);
        row.setString(6, rule.note());
    }

    private static TlsPolicy stored(
            CheckedPolicy rule, long id, long version, Documents documents) {
        return new TlsPolicy(
                id,
                rule.nextHop(),
                rule.level(),
                documents.same(rule.attributes()),
                rule.mode().intern(),
                rule.clientCertificateId(),
                rule.note(),
                version);
    }

    private static <T> List<List<T>> parts(Collection<T> all, int size) {
        return all.stream().gather(Gatherers.windowFixed(size)).toList();
    }

    /** Reads rows; rules with the same attributes share them. */
    private final class Reader implements RowMapper<TlsPolicy> {

        private final Map<String, PolicyAttributes> known = new HashMap<>();

        @Override
        public TlsPolicy mapRow(ResultSet row, int number) throws SQLException {
            return new TlsPolicy(
                    row.getLong(1),
                    row.getString(2),
                    TlsLevel.parse(row.getString(3)).orElseThrow(),
                    known.computeIfAbsent(
                            row.getString(4),
                            document -> json.readValue(document, PolicyAttributes.class)),
                    row.getString(5).intern(),
                    row.getObject(6, Long.class),
                    row.getString(7),
                    row.getLong(8));
        }
    }

    /** Attributes as they are stored; each that occurs is written once. */
    private final class Documents {

        private final Map<PolicyAttributes, Document> known = new HashMap<>();

        private record Document(PolicyAttributes attributes, String text) {}

        String text(PolicyAttributes attributes) {
            return document(attributes).text();
        }

        PolicyAttributes same(PolicyAttributes attributes) {
            return document(attributes).attributes();
        }

        private Document document(PolicyAttributes attributes) {
            return known.computeIfAbsent(
                    attributes, one -> new Document(one, json.writeValueAsString(one)));
        }
    }
}
