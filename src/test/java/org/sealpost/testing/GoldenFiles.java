package org.sealpost.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A folder of cases, each an input with the wanted output beside it as {@code NAME.want}. {@code
 * -Dgolden.update=true} rewrites what is wanted; the difference is then reviewed like code.
 */
public final class GoldenFiles {

    private GoldenFiles() {}

    /**
     * The inputs below {@code src/test/resources/FOLDER}: files or folders ending in {@code .in}.
     */
    public static Stream<Path> in(String folder) {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
            return files
                    .filter(file -> file.getFileName().toString().endsWith(".in"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares with what is wanted. */
    public static void check(Path in, String got) throws IOException {
        checkFile(
                in.resolveSibling(in.getFileName().toString().replaceFirst("\\.in$", ".want")),
                got);
    }

    /** Compares with a file that holds what is wanted. */
    public static void checkFile(Path want, String got) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(want, got);
        }
        assertThat(got)
                .as("%s (-Dgolden.update=true rewrites it)", want)
                .isEqualTo(Files.exists(want) ? Files.readString(want) : "");
    }
}
