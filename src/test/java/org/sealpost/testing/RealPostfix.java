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
            String reason = "Postfix is not installed: /usr/sbin/postmap is missing";
            if ("true".equals(System.getenv("CI"))) {
                fail(reason);
            }
            abort(reason);
        }
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
