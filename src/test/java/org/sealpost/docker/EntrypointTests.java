package org.sealpost.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.SealpostApplication;
import org.sealpost.testing.Openssl;

/** Runs {@code docker/entrypoint.sh}, the image's entry command, outside of a container. */
class EntrypointTests {

    private static final Path SCRIPT = Path.of("docker/entrypoint.sh").toAbsolutePath();

    @TempDir private Path folder;

    private record Ended(int status, String output) {}

    @Test
    void theScriptParses() throws Exception {
        assertThat(end(new ProcessBuilder("sh", "-n", SCRIPT.toString())).status()).isZero();
    }

    @Test
    void theCertificateIsMadeOnceForItsOwnerOnly() throws Exception {
        Ended first = endWithoutJava(Map.of("SEALPOST_BOOTSTRAP_HOSTNAME", "mail.example.test"));
        byte[] made = Files.readAllBytes(folder.resolve("home/console/console.p12"));
        Ended second = endWithoutJava(Map.of("SEALPOST_BOOTSTRAP_HOSTNAME", "other.example.test"));

        assertThat(first.output())
                .contains("bundle=console address=0.0.0.0 port=8443", "-jar", "one-argument")
                .contains("made a self-signed certificate");
        assertThat(second.output()).doesNotContain("made a self-signed certificate");
        assertThat(Files.readAllBytes(folder.resolve("home/console/console.p12"))).isEqualTo(made);
        for (String file : new String[] {"console.p12", "password"}) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(
                                            folder.resolve("home/console").resolve(file))))
                    .isEqualTo("rw-------");
        }
        X509Certificate certificate = consoleCertificate();
        assertThat(certificate.getSubjectAlternativeNames().toString())
                .contains("mail.example.test", "localhost", "127.0.0.1");
        String password = Files.readString(folder.resolve("home/console/password"));
        assertThat(first.output()).doesNotContain(password);
    }

    @Test
    void aBundleOfOnesOwnIsLeftAlone() throws Exception {
        Ended ended = endWithoutJava(Map.of("SERVER_SSL_BUNDLE", "mine"));

        assertThat(ended.output()).contains("bundle=mine");
        assertThat(folder.resolve("home/console")).doesNotExist();
    }

    @Test
    void whatCannotWorkEndsInOneSentence() throws Exception {
        Files.writeString(folder.resolve("home"), "a file");

        Ended ended = endWithoutJava(Map.of());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).startsWith("sealpost: ").hasLineCount(1);
        assertThat(endWithoutJava(Map.of("SEALPOST_JAR", "/missing.jar")).output())
                .isEqualTo("sealpost: there is no program at /missing.jar; set SEALPOST_JAR.\n");
    }

    @Test
    void theConsoleAnswersOverHttpsAndSmtpGreets() throws Exception {
        int https = freePort();
        int smtp = freePort();
        var builder =
                script(
                        Path.of(System.getProperty("java.home")),
                        Map.of(
                                "SEALPOST_JAR", launcher().toString(),
                                "JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                                "SERVER_PORT", String.valueOf(https),
                                "SEALPOST_BOOTSTRAP_HOSTNAME", "mail.example.test",
                                "SEALPOST_BOOTSTRAP_ADMIN_PASSWORD", "Correct-Horse-9",
                                "SEALPOST_BOOTSTRAP_BIND_ADDRESS", "127.0.0.1",
                                "SEALPOST_BOOTSTRAP_SMTP_PORT", String.valueOf(smtp),
                                "SEALPOST_BOOTSTRAP_SMTPS_PORT", "0",
                                "SEALPOST_BOOTSTRAP_SUBMISSION_PORT", "0"));
        Path log = folder.resolve("log");
        Process process = builder.redirectOutput(log.toFile()).start();
        try {
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() ->
                            !process.isAlive()
                                    || Files.readString(log).contains("Sealpost is ready"));
            assertThat(Files.readString(log)).contains("https://0.0.0.0:" + https);

            assertThat(health(https)).isEqualTo("{\"status\":\"UP\"}");
            assertThat(firstLine(smtp, "")).startsWith("220 mail.example.test ");
            assertThat(firstLine(https, "GET / HTTP/1.0\r\n\r\n")).doesNotContain("200");
            assertThat(renegotiation(smtp)).contains("RENEGOTIATING").doesNotContain("DONE");
        } finally {
            process.destroy(); // the TERM a container gets
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends by itself").isTrue();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Files.readString(log)).doesNotContain("WARNING: ", "Exception");
    }

    /** What openssl says of a client that wants to negotiate TLS anew (an old way to exhaust). */
    private String renegotiation(int port) {
        Openssl.require();
        return Openssl.script(
                folder,
                "(echo R; sleep 1) | openssl s_client -starttls smtp -tls1_2 -connect 127.0.0.1:%d 2>&1 || true"
                        .formatted(port));
    }

    /** Trusts exactly the certificate that the script made. */
    private String health(int port) throws IOException, GeneralSecurityException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("console", consoleCertificate());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var connection =
                (HttpURLConnection)
                        URI.create("https://127.0.0.1:" + port + "/actuator/health")
                                .toURL()
                                .openConnection();
        ((HttpsURLConnection) connection).setSSLSocketFactory(context.getSocketFactory());
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private X509Certificate consoleCertificate() throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(folder.resolve("home/console/console.pem"))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static String firstLine(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                var reader =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(reader.readLine());
        }
    }

    /** Runs the script with a {@code java} that only says what it was told. */
    private Ended endWithoutJava(Map<String, String> environment) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        Path java = bin.resolve("java");
        Files.writeString(
                java,
                """
                #!/bin/sh
                echo "bundle=$SERVER_SSL_BUNDLE address=$SERVER_ADDRESS port=$SERVER_PORT $*"
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Path keytool = bin.resolve("keytool");
        if (Files.notExists(keytool)) {
            Files.createSymbolicLink(
                    keytool, Path.of(System.getProperty("java.home"), "bin", "keytool"));
        }
        Path jar = Files.writeString(folder.resolve("sealpost.jar"), "");
        var all = new HashMap<>(Map.of("SEALPOST_JAR", jar.toString()));
        all.putAll(environment);
        return end(script(folder.resolve("jdk"), all));
    }

    private ProcessBuilder script(Path javaHome, Map<String, String> environment) {
        var builder =
                new ProcessBuilder(SCRIPT.toString(), "one-argument").redirectErrorStream(true);
        builder.directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("S"));
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("SEALPOST_HOME", folder.resolve("home").toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private static Ended end(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /** A jar that points at the classes under test: the real one is not built yet. */
    private Path launcher() throws IOException {
        var manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, SealpostApplication.class.getName());
        main.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        Path jar = folder.resolve("launcher.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
