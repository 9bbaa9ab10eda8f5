package org.sealpost.migration;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.migration.PostfixFiles.Table;

/** Finds the text of a table that a parameter names. */
final class TableFiles {

    private TableFiles() {}

    static List<String> references(String value) {
        return Arrays.stream(value.split("[\\s,]+")).filter(word -> !word.isEmpty()).toList();
    }

    /**
     * The table's text.
     *
     * @param usual the base name that the part of its own stands for
     * @param part that part; it is also taken for the only table there is, whatever its name
     * @return null when it was not handed over
     */
    static @Nullable String find(
            PostfixFiles files, Table table, boolean only, String usual, @Nullable String part) {
        if (part != null && PostfixFiles.baseName(table.path()).equals(usual)) {
            return part;
        }
        return files.attached(table.path()).orElse(only ? part : null);
    }
}
