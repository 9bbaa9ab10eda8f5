package org.sealpost.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import tools.jackson.databind.JsonNode;

/**
 * Finds what a document leaves out although its record needs it: a PUT that takes the whole
 * document must not weaken anything by what it does not say.
 */
final class RequiredFields {

    private RequiredFields() {}

    /**
     * Checks a body before it is read.
     *
     * @throws InvalidInput with every field that is missing
     */
    static void check(Class<?> type, JsonNode body) {
        var missing = new ArrayList<Problem>();
        collect(type, body, "", missing);
        if (!missing.isEmpty()) {
            throw new InvalidInput(missing);
        }
    }

    private static void collect(Class<?> type, JsonNode body, String path, List<Problem> problems) {
        for (var component : type.getRecordComponents()) {
            JsonNode value = body.get(component.getName());
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            String field = path + component.getName();
            if (value == null || value.isNull()) {
                if (!optional) {
                    problems.add(missing(field));
                }
            } else if (component.getType().isRecord()) {
                collect(component.getType(), value, field + ".", problems);
            } else if (value.isArray() && value.valueStream().anyMatch(JsonNode::isNull)) {
                problems.add(missing(field));
            }
        }
    }

    private static Problem missing(String field) {
        return new Problem(
                field,
                "The field " + field + " is missing.",
                "A PUT takes the whole document, as GET answers it.");
    }
}
