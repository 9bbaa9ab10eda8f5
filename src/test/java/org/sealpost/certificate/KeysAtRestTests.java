package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sealpost.settings.SealpostHome;
import org.sealpost.testing.Pem;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** No private key is found in any file below the home, nor in what is logged or answered. */
@RunningSealpost
@ExtendWith(OutputCaptureExtension.class)
class KeysAtRestTests {

    private static final String PASSWORD = "Uncommon-Passphrase-7";

    private final CertificatesClient sealpost;
    private final ClientIdentities clients;
    private final SealpostHome home;
    private final JdbcTemplate jdbc;

    KeysAtRestTests(
            @Value("${local.server.port}") int http,
            ClientIdentities clients,
            SealpostHome home,
            JdbcTemplate jdbc) {
        this.sealpost = new CertificatesClient(http);
        this.clients = clients;
        this.home = home;
        this.jdbc = jdbc;
    }

    @AfterEach
    void close() {
        sealpost.close();
    }

    @Test
    void keysAreNowhereToBeFound(CapturedOutput output) throws Exception {
        var uploaded = TestCa.create().leaf("secret.example").forClients().issue();
        var stored =
                sealpost.form()
                        .field("purpose", "client")
                        .field("password", PASSWORD)
                        .file(uploaded.pem())
                        .post("/certificates");
        long made =
                sealpost.post(
                                "/certificates/self-signed",
                                "{\"purpose\":\"client\",\"names\":[\"made.example\"],\"key\":\"RSA 2048\"}")
                        .id();
        var mismatch = sealpost.upload("client", uploaded.chainPem(), newKeyPem());
        jdbc.execute("checkpoint sync");

        Map<String, byte[]> everything = files();
        everything.put("the log", output.getAll().getBytes(StandardCharsets.UTF_8));
        everything.put(
                "the answers",
                (stored.body() + "" + mismatch.body() + sealpost.get("/certificates").body())
                        .getBytes(StandardCharsets.UTF_8));

        var secrets = new ArrayList<>(forms(uploaded.key()));
        secrets.addAll(forms(clients.client(made).orElseThrow().key()));
        secrets.add(PASSWORD.getBytes(StandardCharsets.UTF_8));
        everything.forEach((name, content) ->
                secrets.forEach(
                        secret -> assertThat(contains(content, secret)).as(name).isFalse()));
        byte[] certificate =
                uploaded.chainPem()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow()
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(everything.values())
                .as("the search finds what is stored in clear")
                .anyMatch(content -> contains(content, certificate));
    }

    private static String newKeyPem() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return Pem.of(generator.generateKeyPair().getPrivate());
    }

    private Map<String, byte[]> files() throws IOException {
        var contents = new TreeMap<String, byte[]>();
        try (Stream<Path> all = Files.walk(home.folder())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.put(file.toString(), Files.readAllBytes(file));
            }
        }
        assertThat(contents.keySet()).anyMatch(name -> name.contains("/db/"));
        return contents;
    }

    /** How a key may have been written: as DER, PEM or hex, or the number itself. */
    private static List<byte[]> forms(PrivateKey key) {
        byte[] der = key.getEncoded();
        var forms = new ArrayList<byte[]>();
        forms.add(der);
        // The second half: an RSA key begins with its modulus, which the certificate shows to all.
        byte[] tail = Arrays.copyOfRange(der, der.length / 2, der.length);
        forms.add(tail);
        String base64 = Base64.getEncoder().encodeToString(der);
        int middle = base64.length() / 2;
        forms.add(base64.substring(middle, middle + 40).getBytes(StandardCharsets.US_ASCII));
        String hex = HexFormat.of().formatHex(tail);
        forms.add(hex.getBytes(StandardCharsets.US_ASCII));
        if (key instanceof ECPrivateKey ec) {
            forms.add(ec.getS().toString().getBytes(StandardCharsets.US_ASCII));
            forms.add(ec.getS().toString(16).getBytes(StandardCharsets.US_ASCII));
        }
        return forms;
    }

    private static boolean contains(byte[] all, byte[] part) {
        return new String(all, StandardCharsets.ISO_8859_1)
                .contains(new String(part, StandardCharsets.ISO_8859_1));
    }
}
