package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.testing.Openssl;

/** Every fingerprint is what openssl prints, for each digest and each kind of key. */
class FingerprintsTests {

    @TempDir Path folder;

    @BeforeEach
    void needOpenssl() {
        Openssl.require();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RSA -pkeyopt rsa_keygen_bits:2048",
                "EC -pkeyopt ec_paramgen_curve:P-256",
                "EC -pkeyopt ec_paramgen_curve:P-384",
                "ED25519"
            })
    void areWhatOpensslPrints(String kind) throws Exception {
        Openssl.script(
                folder,
                "openssl genpkey -algorithm "
                        + kind
                        + " -out key.pem 2>/dev/null && openssl req"
                        + " -new -x509 -key key.pem -subj /CN=partner.example -days 9 -out c.pem");
        List<X509Certificate> chain =
                CertificateReader.certificates("file", Files.readAllBytes(folder.resolve("c.pem")));

        Fingerprints fingerprints = Fingerprints.of(chain);

        for (Digest digest : Digest.values()) {
            String word = digest.word();
            String whole =
                    Openssl.run(
                            folder, "x509", "-in", "c.pem", "-noout", "-fingerprint", "-" + word);
            assertThat(fingerprints.certificate().get(word))
                    .isEqualTo(whole.strip().replaceFirst(".*=", ""));
            String key =
                    Openssl.script(
                            folder,
                            "openssl x509 -in c.pem -pubkey -noout | openssl pkey -pubin -outform DER"
                                    + " | openssl dgst -c -"
                                    + word);
            assertThat(fingerprints.publicKey().get(word))
                    .isEqualToIgnoringCase(key.strip().replaceFirst(".*= ?", ""));
            String base64 =
                    Openssl.script(
                            folder,
                            "openssl pkey -in key.pem -pubout -outform DER | openssl dgst -binary -"
                                    + word
                                    + " | openssl base64 -A");
            assertThat(fingerprints.base64().values())
                    .anySatisfy(forms -> assertThat(forms).containsEntry(word, base64.strip()));
            Fingerprint of = Fingerprint.ofCertificate(chain.getFirst(), digest);
            assertThat(fingerprints.certificate()).containsEntry(word, of.colonText());
            assertThat(fingerprints.plain().values())
                    .anySatisfy(forms -> assertThat(forms).containsEntry(word, of.hex()));
        }
        assertThat(fingerprints.tlsa())
                .contains(
                        "3 1 1 " + hex(Fingerprint.ofPublicKey(chain.getFirst(), Digest.SHA256)),
                        "3 0 1 " + hex(Fingerprint.ofCertificate(chain.getFirst(), Digest.SHA256)));
        assertThat(fingerprints.postfixMatch()).isEqualTo(fingerprints.certificate().get("sha256"));
    }

    private static String hex(Fingerprint fingerprint) {
        return fingerprint.hex().toUpperCase(Locale.ROOT);
    }
}
