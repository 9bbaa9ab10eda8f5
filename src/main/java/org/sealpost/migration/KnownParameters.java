package org.sealpost.migration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.sealpost.migration.MigrationReport.Outcome;

/** The table of parameters that set nothing here, with the reason for each. */
final class KnownParameters {

    private static final List<Row> ROWS = load();

    private KnownParameters() {}

    private record Row(String pattern, Finding finding) {

        boolean fits(String name) {
            int star = pattern.indexOf('*');
            if (star < 0) {
                return pattern.equals(name);
            }
            String tail = pattern.substring(star + 1);
            // *_x_* means _x_ anywhere
            return tail.endsWith("*")
                    ? name.contains(tail.substring(0, tail.length() - 1))
                    : name.startsWith(pattern.substring(0, star)) && name.endsWith(tail);
        }
    }

    static Optional<Finding> of(String name) {
        return ROWS.stream().filter(row -> row.fits(name)).map(Row::finding).findFirst();
    }

    private static List<Row> load() {
        try (InputStream table = KnownParameters.class.getResourceAsStream("parameters.txt")) {
            return new String(Objects.requireNonNull(table).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s+", 3))
                    .map(fields ->
                            new Row(
                                    fields[0],
                                    new Finding(
                                            Outcome.valueOf(fields[1].toUpperCase(Locale.ROOT)),
                                            fields[2])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
