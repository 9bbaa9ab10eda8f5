package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.policy.StrengthChange.Strength;
import org.sealpost.testing.RunningSealpost;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Which way each change of the defaults goes, for destinations with rules and without. */
@RunningSealpost
class TlsDefaultsTests {

    private final TlsDefaults defaults;
    private final JsonMapper json;

    TlsDefaultsTests(TlsDefaults defaults, JsonMapper json) {
        this.defaults = defaults;
        this.json = json;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "level                   | \"encrypt\"           | \"may\"                | weaker",
                "level                   | \"may\"               | \"secure\"             | stronger",
                "protocols               | \">=TLSv1.3\"         | \">=TLSv1.2\"          | weaker",
                "mandatoryProtocols      | \">=TLSv1.2\"         | \">=TLSv1.3\"          | stronger",
                "mandatoryExcludeCiphers | \"SHA1:CAMELLIA:kRSA\" | \"\"                  | weaker",
                "verifyMatch             | [\"nexthop\"]         | [\"hostname\"]         | weaker",
                "secureMatch             | [\"nexthop\"]         | [\"nexthop\",\"dot-nexthop\"] | weaker",
                "useSystemTrust          | false                 | true                   | weaker",
                "servername              | \"a.example\"         | null                   | different",
                "clearTextFallback       | {\"mode\":\"never\",\"after\":\"PT5M\"} | {\"mode\":\"after-age\",\"after\":\"PT5M\"} | weaker",
                "clearTextFallback       | {\"mode\":\"after-age\",\"after\":\"PT5M\"} | {\"mode\":\"after-age\",\"after\":\"PT1S\"} | weaker",
                "clearTextFallback       | {\"mode\":\"after-age\",\"after\":\"PT5M\"} | {\"mode\":\"after-age\",\"after\":\"PT9M\"} | stronger",
                "logLevel                | 1                     | 2                      | same"
            })
    void classesEachChange(String field, String before, String after, String strength) {
        StrengthChange change = defaults.compare(with(field, before), with(field, after));

        assertThat(change.strength())
                .isEqualTo(Strength.valueOf(strength.toUpperCase(Locale.ROOT)));
        if (change.isWeaker()) {
            assertThat(change.reasons()).isNotEmpty().allMatch(reason -> !reason.isBlank());
        }
    }

    private TlsSettings with(String field, String value) {
        ObjectNode tree = json.valueToTree(PolicyFixtures.DEFAULTS);
        JsonNode written = json.readTree(value);
        tree.set(field, written);
        return json.treeToValue(tree, TlsSettings.class);
    }
}
