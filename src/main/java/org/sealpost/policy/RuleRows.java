package org.sealpost.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.sealpost.tls.TlsLevel;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the whole table for memory: row by row, without entities, and with one value for all rules
 * that have the same attributes, so that a million rules fit.
 */
@Component
class RuleRows {

    private static final int ROWS_AT_ONCE = 1_000;

    private final JdbcTemplate database;
    private final TransactionTemplate reading;
    private final JsonMapper json;

    RuleRows(DataSource database, PlatformTransactionManager transactions, JsonMapper json) {
        this.database = new JdbcTemplate(database);
        this.database.setFetchSize(ROWS_AT_ONCE);
        this.reading = new TransactionTemplate(transactions); // PostgreSQL streams only inside one
        this.json = json;
    }

    List<TlsPolicy> all() {
        var rules = new ArrayList<TlsPolicy>();
        Map<String, PolicyAttributes> known = new HashMap<>();
        reading.executeWithoutResult(status ->
                database.query(
                        "select id, next_hop, level, attributes, mode, client_certificate_id, note,"
                                + " version from tls_policy",
                        row -> {
                            Long client = row.getObject(6, Long.class);
                            rules.add(
                                    new TlsPolicy(
                                            row.getLong(1),
                                            row.getString(2),
                                            TlsLevel.parse(row.getString(3)).orElseThrow(),
                                            known.computeIfAbsent(
                                                    row.getString(4), this::attributes),
                                            row.getString(5).intern(),
                                            client,
                                            row.getString(7),
                                            row.getLong(8)));
                        }));
        return rules;
    }

    private PolicyAttributes attributes(String document) {
        return json.readValue(document, PolicyAttributes.class);
    }
}
