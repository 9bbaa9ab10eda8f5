package org.sealpost.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * A running Postfix of a test's own: configuration, queue and log in a temporary folder, one port
 * on 127.0.0.1. The machine's own Postfix, if it has one, is not touched.
 */
public final class PrivatePostfix implements AutoCloseable {

    private static final String SERVICES =
            """
            postlog    unix-dgram n  -       n       -       1       postlogd
            127.0.0.1:%d inet n      -       n       -       -       smtpd
            cleanup    unix  n       -       n       -       0       cleanup
            qmgr       unix  n       -       n       300     1       qmgr
            tlsmgr     unix  -       -       n       1000?   1       tlsmgr
            tlsproxy   unix  -       -       n       -       0       tlsproxy
            rewrite    unix  -       -       n       -       -       trivial-rewrite
            bounce     unix  -       -       n       -       0       bounce
            defer      unix  -       -       n       -       0       bounce
            trace      unix  -       -       n       -       0       bounce
            verify     unix  -       -       n       -       1       verify
            flush      unix  n       -       n       1000?   0       flush
            proxymap   unix  -       -       n       -       -       proxymap
            smtp       unix  -       -       n       -       -       smtp
            relay      unix  -       -       n       -       -       smtp
            error      unix  -       -       n       -       -       error
            retry      unix  -       -       n       -       -       error
            discard    unix  -       -       n       -       -       discard
            anvil      unix  -       -       n       -       1       anvil
            scache     unix  -       -       n       -       1       scache
            """;

    private final Path home;
    private final int port;
    private final List<String> parameters = new ArrayList<>();

    /** Prepares an instance that relays for 127.0.0.1 and retries every second. */
    public PrivatePostfix() throws IOException {
        home = Files.createTempDirectory("postfix");
        for (String folder : List.of("etc", "queue", "data")) {
            readable(Files.createDirectory(home.resolve(folder)));
        }
        readable(home); // its processes drop root
        Files.setOwner(
                home.resolve("data"),
                home.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("postfix"));
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        set("compatibility_level", "3.6");
        set("queue_directory", home.resolve("queue").toString());
        set("data_directory", home.resolve("data").toString());
        set("maillog_file", log().toString());
        set("maillog_file_prefixes", home.toString());
        set("inet_interfaces", "127.0.0.1");
        set("inet_protocols", "ipv4");
        set("myhostname", "postfix.example.test");
        set("mynetworks", "127.0.0.0/8");
        set("mydestination", "");
        set("alias_maps", "");
        set("smtp_host_lookup", "native");
        set("smtp_tls_loglevel", "1");
        set("smtpd_tls_loglevel", "1");
        set("queue_run_delay", "1s");
        set("minimal_backoff_time", "1s");
        set("maximal_backoff_time", "2s");
    }

    /** Sets a parameter of {@code main.cf}. */
    public PrivatePostfix set(String name, String value) {
        parameters.add(name + " = " + value);
        return this;
    }

    /** Writes a file that its processes can read. */
    public Path file(String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    public PrivatePostfix start() throws IOException {
        Files.write(home.resolve("etc/main.cf"), parameters);
        Files.writeString(
                home.resolve("etc/master.cf"), SERVICES.replace("%d", String.valueOf(port)));
        control("start");
        return this;
    }

    public int port() {
        return port;
    }

    /** What it has logged so far. */
    public List<String> lines() {
        try {
            return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return home.resolve("log");
    }

    private void control(String verb) throws IOException {
        Process process =
                new ProcessBuilder("/usr/sbin/postfix", "-c", home.resolve("etc").toString(), verb)
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve(verb + ".out").toFile())
                        .start();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(
                        "postfix "
                                + verb
                                + ": "
                                + Files.readString(home.resolve(verb + ".out"))
                                + lines());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void readable(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Stops it and removes what it kept. */
    @Override
    public void close() throws IOException {
        control("stop");
        FileSystemUtils.deleteRecursively(home);
    }
}
