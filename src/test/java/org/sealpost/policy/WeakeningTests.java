package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.sealpost.policy.StrengthChange.Strength;

/** Which way each kind of edit goes; a person is asked for a reason when it goes down. */
class WeakeningTests {

    @ParameterizedTest
    @CsvFileSource(
            resources = "/policy/weakening.csv",
            delimiter = '|',
            quoteCharacter = '\'',
            ignoreLeadingAndTrailingWhitespace = true)
    void classesEachEdit(String before, String after, String strength) {
        StrengthChange change = Weakening.between(rule(before), rule(after));

        assertThat(change.strength())
                .isEqualTo(Strength.valueOf(strength.toUpperCase(Locale.ROOT)));
        if (change.strength() == Strength.WEAKER || change.strength() == Strength.DIFFERENT) {
            assertThat(change.reasons()).isNotEmpty().allSatisfy(r -> assertThat(r).isNotBlank());
        }
    }

    /** A removed or disabled rule leaves what holds without it: here the default. */
    private static CompiledPolicy rule(String line) {
        return line.equals("-") || line.contains("mode=disabled")
                ? CompiledPolicy.ofDefault(PolicyFixtures.DEFAULTS, PolicyFixtures.CERTIFICATES)
                : PolicyFixtures.compiled(
                        line.replace("sha256:A", "sha256:" + "aa".repeat(32))
                                .replace("sha256:B", "sha256:" + "bb".repeat(32))
                                .replace("md5:C", "md5:" + "cc".repeat(16)));
    }
}
