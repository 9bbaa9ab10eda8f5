package org.sealpost.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands of an installed Postfix, asked what they make of our files. */
public final class RealPostfix {

    private RealPostfix() {}

    /** Skips the test without Postfix; where continuous integration runs, that is a failure. */
    public static void required() {
        if (!Files.isExecutable(Path.of("/usr/sbin/postmap"))) {
            missing("Postfix is not installed: /usr/sbin/postmap is missing");
        }
    }

    /** As {@link #required}, for tests that run Postfix, which only the superuser may. */
    public static void requiredToRun() {
        required();
        if (!"root".equals(System.getProperty("user.name"))) {
            missing("Postfix starts only as root; this is " + System.getProperty("user.name"));
        }
    }

    private static void missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        abort(reason);
    }

    /** Runs a command of Postfix and returns what it prints. */
    public static List<String> run(String command, String... arguments)
            throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("/usr/sbin/" + command));
        line.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }
}
