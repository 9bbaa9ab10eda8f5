package org.sealpost.testing;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** Sealpost in a process of its own, which a test may kill and start again on the same home. */
public final class SealpostProcess implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private final Path home;
    private final Path output;
    private final int port;
    private final List<String> command;
    private Process process;

    /** Starts it, and waits until its listener greets. */
    public SealpostProcess(Path folder, String relayhost) throws IOException {
        this(folder, relayhost, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), List.of());
    }

    /**
     * Starts it with options of its own.
     *
     * @param java for the JVM
     * @param more for Sealpost; they win over those given here
     */
    public SealpostProcess(Path folder, String relayhost, List<String> java, List<String> more)
            throws IOException {
        home = folder.resolve("home");
        output = folder.resolve("output");
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(java);
        command.addAll(List.of("-cp", classPath()));
        command.add("org.sealpost.SealpostApplication");
        command.add("--sealpost.home=" + home);
        command.add("--sealpost.bootstrap.hostname=relay.example.test");
        command.add("--sealpost.bootstrap.bind-address=127.0.0.1");
        command.add("--sealpost.bootstrap.smtp-port=" + port);
        command.add("--sealpost.bootstrap.submission-port=0");
        command.add("--sealpost.bootstrap.relayhost=" + relayhost);
        for (String standard :
                List.of(
                        "--server.port=0",
                        "--sealpost.bootstrap.smtps-port=0",
                        "--sealpost.bootstrap.first-retry=1s")) {
            String key = standard.substring(0, standard.indexOf('=') + 1);
            if (more.stream().noneMatch(one -> one.startsWith(key))) {
                command.add(standard);
            }
        }
        command.addAll(more);
        process = start();
    }

    /** The product without the tests' own settings. */
    private static String classPath() {
        String all =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    public int port() {
        return port;
    }

    /** What it has written to its terminal so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    /** How much memory the operating system has given to it. */
    public long residentMegabytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow()
                / 1024;
    }

    /** Kills it at once, as {@code kill -9} does, and waits for its end. */
    public void kill() {
        process.destroyForcibly();
        end();
    }

    /** Deletes the database file, as a broken disk would. */
    public void loseDatabase() throws IOException {
        Files.delete(home.resolve("db").resolve("sealpost.mv.db"));
    }

    public void startAgain() throws IOException {
        process = start();
    }

    private Process start() throws IOException {
        Process started =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                        .start();
        try {
            await().atMost(LONGEST_START)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> greets() || !started.isAlive());
        } catch (ConditionTimeoutException tooLong) {
            started.destroyForcibly();
            throw new IOException("Sealpost does not greet: " + Files.readString(output), tooLong);
        }
        if (!started.isAlive()) {
            throw new IOException("Sealpost ended: " + Files.readString(output));
        }
        return started;
    }

    private boolean greets() {
        try {
            return SmtpPeer.talk(port, "QUIT").getFirst().startsWith("220 ");
        } catch (IOException notYet) {
            return false;
        }
    }

    private void end() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the process does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it in an orderly way; it may be started again. */
    public void stop() {
        process.destroy();
        end();
    }

    @Override
    public void close() {
        stop();
    }
}
