package org.sealpost.settings.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The end of a set of rows that belong together.
 *
 * @param lineage which database these files follow, a random id
 * @param number counts the changes; the database keeps the number it has handed over
 * @param through the newest entry of the database's list of changes that is included
 * @param schema the version of the schema whose columns the rows have
 * @param identities what the next id of each table was; a removed id must not come back
 */
record Commit(
        String lineage, long number, long through, String schema, Map<String, Long> identities) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    byte[] encoded() {
        return JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
    }

    static Commit decode(byte[] payload) {
        return JSON.readValue(payload, Commit.class);
    }
}
