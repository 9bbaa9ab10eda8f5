package org.sealpost.settings.snapshot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A row of a table, its values as the database writes them out.
 *
 * @param key the primary key's value
 * @param values by column; null when the row was removed
 */
record Row(String table, String key, @Nullable Map<String, @Nullable String> values) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    String line() {
        return JSON.writeValueAsString(this) + "\n";
    }

    static Row parse(String line) {
        return JSON.readValue(line, Row.class);
    }

    static Map<String, @Nullable String> noValues() {
        return new LinkedHashMap<>();
    }
}
