package org.sealpost.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The {@code openssl} command, by which others judge what we make and say. */
public final class Openssl {

    private Openssl() {}

    /** Skips the test where the command is missing; continuous integration must have it. */
    public static void require() {
        boolean present;
        try {
            present = new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (IOException e) {
            present = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if ("true".equals(System.getenv("CI")) && !present) {
            throw new AssertionError("openssl is not installed");
        }
        Assumptions.assumeTrue(present, "openssl is not installed");
    }

    /** Runs it in a folder; answers what it prints. */
    public static String run(Path folder, String... arguments) {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return output(folder, command);
    }

    /** Runs a shell script in a folder; answers what it prints. */
    public static String script(Path folder, String script) {
        return output(folder, List.of("sh", "-c", script));
    }

    private static String output(Path folder, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed: " + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(command + " cannot be run", e);
        }
    }
}
