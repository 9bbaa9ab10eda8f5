package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.sealpost.mail.InvalidInput;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.TlsLevel;

/** Every attribute at every kind of level, as Postfix takes or refuses it; stricter where safer. */
class AttributeTableTests {

    @ParameterizedTest
    @CsvFileSource(
            resources = "/policy/attributes.csv",
            delimiter = '|',
            maxCharsPerColumn = 2000,
            ignoreLeadingAndTrailingWhitespace = true)
    void isTakenOrRefused(
            String line, String outcome, String protocolsOrField, String match, String warnings) {
        String written = hex(line);

        if (outcome.equals("refused")) {
            InvalidInput refusal =
                    catchThrowableOfType(
                            InvalidInput.class, () -> PolicyFixtures.compiled(written));

            assertThat(refusal).as(line).isNotNull();
            assertThat(refusal.problems())
                    .allSatisfy(problem -> assertThat(problem.remedy()).isNotBlank())
                    .anySatisfy(problem ->
                            assertThat(problem.field().replace("attributes.", ""))
                                    .isEqualTo(protocolsOrField));
            return;
        }
        CompiledPolicy policy = PolicyFixtures.compiled(written);
        if (policy.level() != TlsLevel.NONE) {
            assertThat(String.join(",", policy.protocols())).isEqualTo(protocolsOrField);
        }
        assertThat(shown(policy)).isEqualTo(match.equals("-") ? "" : match);
        assertThat(policy.warnings()).hasSize(Integer.parseInt(warnings));
    }

    private static String shown(CompiledPolicy policy) {
        return policy.level() == TlsLevel.FINGERPRINT
                ? policy.pins().stream()
                        .map(pin -> pin.kind() + " " + pin.fingerprint().digest().word())
                        .collect(Collectors.joining(","))
                : policy.match().stream().map(NamePattern::text).collect(Collectors.joining(","));
    }

    /** Writes HEX20 out as twenty octets. */
    private static String hex(String line) {
        String text = line.replace('^', '|');
        for (int octets : new int[] {16, 20, 31, 32, 48, 64}) {
            String value = "Ab:".repeat(octets);
            text = text.replace("HEX" + octets, value.substring(0, value.length() - 1));
        }
        return text;
    }
}
