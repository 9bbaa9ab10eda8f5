package org.sealpost.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.SealpostApplication;
import org.sealpost.testing.TestCa;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Every folder of {@code bad-config}: a start that is refused, and what the terminal says then. */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadStartTests {

    /** Logback about a thread of another context that logs while logging is set up anew. */
    private static final String LOGGED_BY_ANOTHER = "|-WARN in Logger";

    private static final boolean FULL = Boolean.getBoolean("sealpost.test.full");
    private static final int LAST = Integer.MAX_VALUE;
    private static final Path CASES = Path.of("src/test/resources/bad-config");

    private final Path files;
    private final Path used;
    private final Path fresh;
    private final ServerSocket taken;
    private final Map<String, Process> processes = new HashMap<>();

    BadStartTests(@TempDir Path folder) throws IOException {
        files = Files.createDirectory(folder.resolve("files"));
        used = folder.resolve("used");
        fresh = folder.resolve("fresh");
        taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @BeforeAll
    void writeFilesAndStartOnce() throws Exception {
        var good = TestCa.selfSigned("relay.example.test");
        Files.writeString(files.resolve("good.pem"), good.chainPem());
        Files.writeString(files.resolve("good.key"), good.keyPem());
        var other = TestCa.selfSigned("relay.example.test");
        Files.writeString(files.resolve("other.key"), other.keyPem());
        Files.writeString(files.resolve("garbage"), "neither certificate nor key\n");
        var encryptor =
                new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                        .setProvider(new BouncyCastleProvider())
                        .setPassword("secret".toCharArray())
                        .build();
        try (var pem = new JcaPEMWriter(Files.newBufferedWriter(files.resolve("encrypted.key")))) {
            pem.writeObject(new JcaPKCS8Generator(good.key(), encryptor));
        }
        startProcesses();
    }

    @AfterAll
    void freePort() throws IOException {
        processes.values().forEach(Process::destroyForcibly);
        taken.close();
    }

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            List<String> names =
                    folders.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString())
                            .sorted()
                            .toList();
            var cases = new ArrayList<String>();
            for (String name : names) {
                if (FULL || property(name, "test.full") == null) {
                    cases.add(name);
                }
            }
            return cases;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isRefusedInOneParagraph(String name, CapturedOutput output) throws Exception {
        String what = property(name, "test.home");
        Path home = what == null ? fresh : prepared(name, what);
        Map<Path, String> before = contents(home);

        SealpostHome other = "in-use".equals(what) ? SealpostHome.open(home) : null;
        assertThat(catchThrowable(() -> start(name, home).close())).isNotNull();
        if (other != null) {
            other.close();
        }

        assertThat(output.getAll().lines().filter(line -> !line.contains(LOGGED_BY_ANOTHER)))
                .noneMatch(line -> line.contains("\tat ") || line.contains("WARN"));
        String said = masked(said(output.getAll()), home);
        Path expected = CASES.resolve(name).resolve("expected.txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(expected, said);
        }
        assertThat(said).isEqualTo(Files.readString(expected));
        if (what == null) {
            assertThat(restartable(home)).as("the next start begins anew").isTrue();
        } else {
            assertThat(contents(home)).as("nothing was changed").isEqualTo(before);
        }
    }

    @Test
    void theSameHomeStartsOnceTheFaultIsCured() throws Exception {
        assertThat(catchThrowable(() -> start("key-of-another", fresh).close())).isNotNull();

        try (var running = start(null, fresh)) {
            assertThat(running.isRunning()).isTrue();
            assertThat(fresh.resolve("first-start")).doesNotExist();
        }
    }

    /** The process itself: a code that is not zero, and nothing but the paragraph. */
    @Order(LAST)
    @ParameterizedTest
    @MethodSource("processes")
    void theProcessEndsWithAnError(String name) throws Exception {
        Process process = Objects.requireNonNull(processes.get(name));
        boolean ended = process.waitFor(1, TimeUnit.MINUTES);
        process.destroyForcibly();
        String output = Files.readString(log(name));
        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(1);
        assertThat(output).doesNotContain("\tat ");
        assertThat(masked(said(output), processHome(name)))
                .isEqualTo(Files.readString(CASES.resolve(name).resolve("expected.txt")));
    }

    static List<String> processes() {
        return FULL ? List.of("console-clear-text", "smtp-port-taken") : List.of("smtp-port-taken");
    }

    /** Begun before everything else: a start takes long, and the other cases need one processor. */
    private void startProcesses() throws IOException {
        for (String name : processes()) {
            var command =
                    new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path").replace("test-classes", "none"),
                            SealpostApplication.class.getName());
            command.command().addAll(arguments(name, processHome(name)));
            for (Map.Entry<String, Object> one : defaults().entrySet()) {
                if (property(name, one.getKey()) == null) {
                    command.command().add("--" + one.getKey() + "=" + one.getValue());
                }
            }
            command.redirectErrorStream(true).redirectOutput(log(name).toFile());
            processes.put(name, command.start());
        }
    }

    private Path processHome(String name) {
        return fresh.resolveSibling("process-" + name);
    }

    private Path log(String name) {
        return fresh.resolveSibling(name + ".log");
    }

    private ConfigurableApplicationContext start(@Nullable String name, Path home) {
        var application = new SpringApplication(SealpostApplication.class);
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(defaults());
        return application.run(arguments(name, home).toArray(String[]::new));
    }

    private static Map<String, Object> defaults() {
        var defaults = new HashMap<String, Object>();
        for (String listener : List.of("smtp", "smtps", "submission")) {
            defaults.put("sealpost.bootstrap." + listener + "-port", 0);
        }
        return defaults;
    }

    private List<String> arguments(@Nullable String name, Path home) {
        return List.of(
                "--spring.config.additional-location="
                        + (name == null ? "" : CASES.resolve(name).toUri()),
                "--sealpost.home=" + home,
                "--files=" + files,
                "--taken=" + taken.getLocalPort());
    }

    private static @Nullable String property(String name, String key) throws IOException {
        var properties = new Properties();
        try (var reader =
                Files.newBufferedReader(CASES.resolve(name).resolve("application.properties"))) {
            properties.load(reader);
        }
        return properties.getProperty(key);
    }

    /** A home that was in use before, with something done to it. */
    private Path prepared(String name, String what) throws Exception {
        if (!Files.exists(used)) {
            start(null, used).close();
        }
        Path home = used.resolveSibling(name);
        copy(used, home);
        Path key = home.resolve("master.key");
        Path spoolId = home.resolve("spool").resolve(".id");
        switch (what) {
            case "in-use" -> {}
            case "file" -> {
                delete(home);
                Files.writeString(home, "a file");
            }
            case "no-configuration" -> {
                delete(home.resolve("db"));
                delete(home.resolve("config"));
            }
            case "key-mode" ->
                    Files.setPosixFilePermissions(
                            key, PosixFilePermissions.fromString("rw-r-----"));
            case "no-key" -> Files.delete(key);
            case "key-damaged" -> Files.writeString(key, "c2hvcnQ=\n");
            case "key-of-another" ->
                    Files.writeString(key, Base64.getEncoder().encodeToString(new byte[32]) + "\n");
            case "spool-of-another" -> Files.writeString(spoolId, "another\n");
            case "no-spool" -> delete(home.resolve("spool"));
            default -> throw new IllegalArgumentException(what);
        }
        return home;
    }

    private static boolean restartable(Path home) throws IOException {
        return !Files.exists(home)
                || Files.exists(home.resolve("first-start"))
                || contents(home).isEmpty();
    }

    /** What people would miss; the database rewrites its file when it is opened. */
    private static Map<Path, String> contents(Path home) throws IOException {
        var contents = new TreeMap<Path, String>();
        if (Files.exists(home)) {
            try (Stream<Path> all = Files.walk(home)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    Path relative = home.relativize(file);
                    if (!relative.startsWith("db") && !relative.endsWith("lock")) {
                        contents.put(relative, HexFormat.of().formatHex(Files.readAllBytes(file)));
                    }
                }
            }
        }
        return contents;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String said(String output) {
        int begin = output.indexOf("Description:");
        assertThat(begin).as(output).isPositive();
        return output.substring(begin).strip() + "\n";
    }

    private String masked(String text, Path home) {
        return text.replace(home.toAbsolutePath().toString(), "{home}")
                .replace(files.toString(), "{files}")
                .replace(Integer.toString(taken.getLocalPort()), "{taken}")
                .replaceAll("\\[file:[^\\]]*bad-config/", "[{case}/");
    }
}
