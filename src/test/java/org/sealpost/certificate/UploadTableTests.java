package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.testing.Openssl;

/** Every format and every mistake, with the report that is shown before anything is stored. */
class UploadTableTests {

    @TempDir static Path folder;

    @BeforeAll
    static void makeInputs() throws Exception {
        Openssl.require();
        UploadInputs.make(folder);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvFileSource(resources = "/certificate/uploads.csv", delimiter = '|')
    void tellsWhatAnUploadIs(String files, @Nullable String password, String purpose, String report)
            throws Exception {
        var contents = new ArrayList<byte[]>();
        for (String file : files.split(" ", -1)) {
            contents.add(Files.readAllBytes(folder.resolve(file)));
        }

        assertThat(report(new NewCertificate(contents, password, purpose))).isEqualTo(report);
    }

    private static String report(NewCertificate upload) {
        var surroundings =
                new Surroundings(Instant.now(), "relay.example.test", certificate -> List.of());
        try {
            Intake intake = new IntakeReader(surroundings, answer -> Optional.empty()).read(upload);
            return intake.errors().isEmpty()
                    ? accepted(intake, surroundings)
                    : refused(intake.errors());
        } catch (InvalidInput e) {
            return refused(e.problems());
        }
    }

    private static String accepted(Intake intake, Surroundings surroundings) {
        String chain =
                intake.chain().stream()
                        .map(UploadTableTests::name)
                        .collect(Collectors.joining(" < "));
        String warnings =
                intake.warnings().stream()
                        .map(warning -> " ! " + warning)
                        .map(warning -> warning.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:]+Z", "DATE"))
                        .collect(Collectors.joining());
        return chain
                + (intake.key() == null ? "" : ", with key")
                + ", "
                + ChainStatus.of(intake.chain(), surroundings).word()
                + warnings;
    }

    private static String refused(List<Problem> problems) {
        assertThat(problems).allSatisfy(problem -> assertThat(problem.remedy()).isNotBlank());
        return problems.stream()
                .map(problem -> "422 " + problem.field() + ": " + problem.message())
                .collect(Collectors.joining(" "));
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().replace("CN=", "");
    }
}
