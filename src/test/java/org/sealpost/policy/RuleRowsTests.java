package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sealpost.testing.Database;
import org.sealpost.tls.TlsLevel;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/** The whole table comes into memory from every database, more rows than are fetched at once. */
class RuleRowsTests {

    private static final int RULES = 2_500;

    @ParameterizedTest
    @EnumSource
    void everyRuleIsRead(Database kind) {
        var database = new DriverManagerDataSource(kind.create(), "postgres", "");
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/common")
                .load()
                .migrate();
        new JdbcTemplate(database)
                .batchUpdate(
                        "insert into tls_policy (next_hop, level, attributes, mode, note, version)"
                                + " values (?, 'secure', '{\"match\":[\"nexthop\"]}', ?, 'why', 3)",
                        java.util.stream.IntStream.range(0, RULES)
                                .mapToObj(i ->
                                        new Object[] {
                                            "h" + i + ".example", i == 7 ? "disabled" : "enforced"
                                        })
                                .toList());

        List<TlsPolicy> rules =
                new RuleRows(
                                database,
                                new DataSourceTransactionManager(database),
                                JsonMapper.shared())
                        .all();

        assertThat(rules)
                .hasSize(RULES)
                .allSatisfy(rule -> {
                    assertThat(rule.level()).isEqualTo(TlsLevel.SECURE);
                    assertThat(rule.attributes().match()).containsExactly("nexthop");
                    assertThat(rule.clientCertificateId()).isNull();
                    assertThat(rule.note()).isEqualTo("why");
                    assertThat(rule.version()).isEqualTo(3);
                });
        assertThat(rules)
                .filteredOn(rule -> !rule.isEnforced())
                .singleElement()
                .extracting(TlsPolicy::nextHop)
                .isEqualTo("h7.example");
    }
}
