package org.sealpost.policy.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.certificate.Digest;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.policy.RuleCheck;
import org.sealpost.testing.GoldenFiles;

class TlsPolicyFileTests {

    static Stream<Path> cases() {
        return GoldenFiles.in("policy/postfix");
    }

    /** A case is a file; its first line may choose the digest: {@code # digest: sha1}. */
    @ParameterizedTest
    @MethodSource("cases")
    void readsEveryFileAsWanted(Path in) throws IOException {
        String text = FileText.of(Files.readAllBytes(in));
        var content = TlsPolicyFile.parse(text);
        var problems = new ArrayList<>(content.problems());
        var writer = new TlsPolicyWriter(digest(text));
        var export = new StringBuilder();
        for (TlsPolicyFile.Entry entry : content.entries()) {
            List<Problem> refused = RuleCheck.problems(entry.draft());
            refused.forEach(problem -> problems.add(entry.problem(problem)));
            if (refused.isEmpty()) {
                export.append(writer.entry(RuleCheck.stored(entry.draft())));
            }
        }

        GoldenFiles.check(
                in,
                section("errors", problems)
                        + section("warnings", content.warnings())
                        + "== export\n"
                        + export);

        // What was exported is read back as the same rules and written the same again.
        assertThat(
                        TlsPolicyFile.parse(writer.header() + export).entries().stream()
                                .map(entry -> writer.entry(RuleCheck.stored(entry.draft())))
                                .collect(Collectors.joining()))
                .isEqualTo(export.toString());
    }

    @Test
    void everyConditionOfTheGrammarHasACase() {
        assertThat(cases().count()).isGreaterThanOrEqualTo(30);
    }

    @Test
    void readsAMillionLinesInReasonableTime() {
        var file = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            file.append('d').append(i).append(".example encrypt\n");
        }
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

        assertThat(TlsPolicyFile.parse(file.toString()).entries()).hasSize(1_000_000);

        // Work of this thread, not time on the clock: other builds share the machine.
        assertThat(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start)
                .isLessThan(Duration.ofSeconds(15).toNanos());
    }

    @Test
    void latin1IsReadWhereUtf8IsNot() {
        byte[] latin1 = "# B\u00fccher\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(FileText.of(latin1)).isEqualTo("# B\u00fccher\n");
        assertThat(FileText.of("\uFEFFa may".getBytes(StandardCharsets.UTF_8))).isEqualTo("a may");
    }

    private static Digest digest(String text) {
        return text.startsWith("# digest: ")
                ? Digest.parse(text.lines().findFirst().orElseThrow().substring(10)).orElseThrow()
                : Digest.SHA256;
    }

    private static String section(String name, List<FileProblem> problems) {
        return problems.stream()
                .map(problem ->
                        String.format(
                                Locale.ROOT,
                                "line %d: %s%n  %s%n  %s%n",
                                problem.line(),
                                problem.text(),
                                problem.message(),
                                problem.remedy()))
                .collect(Collectors.joining("", "== " + name + "\n", ""));
    }
}
