package org.sealpost.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditTrail.Entry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An audit entry.
 *
 * @param changes what differs between before and after
 */
public record AuditRow(
        long id,
        When at,
        String actor,
        @Nullable String address,
        String action,
        String object,
        List<Change> changes) {

    /**
     * A value that changed.
     *
     * @param before null when there was none
     * @param after null when there is none now
     */
    public record Change(String field, @Nullable String before, @Nullable String after) {}

    static AuditRow of(Entry entry, JsonMapper json, Instant now) {
        return new AuditRow(
                entry.id(),
                When.of(entry.at(), now),
                entry.actor(),
                entry.address(),
                entry.action(),
                entry.object(),
                changes(values(entry.before(), json), values(entry.after(), json)));
    }

    private static List<Change> changes(Map<String, String> before, Map<String, String> after) {
        var fields = new TreeSet<>(before.keySet());
        fields.addAll(after.keySet());
        var changes = new ArrayList<Change>();
        for (String field : fields) {
            String old = before.get(field);
            String now = after.get(field);
            if (!Objects.equals(old, now)) {
                changes.add(new Change(field, old, now));
            }
        }
        return changes;
    }

    private static Map<String, String> values(@Nullable String document, JsonMapper json) {
        var values = new TreeMap<String, String>();
        if (document != null) {
            try {
                collect("", json.readTree(document), values);
            } catch (JacksonException e) {
                values.put("value", document); // shown as it is
            }
        }
        return values;
    }

    private static void collect(String name, JsonNode node, Map<String, String> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(one ->
                            collect(
                                    name.isEmpty() ? one.getKey() : name + "." + one.getKey(),
                                    one.getValue(),
                                    values));
        } else if (!node.isNull()) {
            values.put(
                    name.isEmpty() ? "value" : name,
                    node.isString() ? node.asString() : node.toString());
        }
    }
}
