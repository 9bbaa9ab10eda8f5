package org.sealpost.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.settings.TimeSpan;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stands in the fields of a settings form, by their names.
 *
 * @param texts as typed; lists have one entry a line
 * @param ticked the values that are ticked, of each field with choices
 */
public record SectionValues(Map<String, String> texts, Map<String, List<String>> ticked) {

    /** The values that hold now. */
    static SectionValues of(SectionForm form, JsonNode now) {
        var texts = new HashMap<String, String>();
        var ticked = new HashMap<String, List<String>>();
        for (SectionField field : form.fields()) {
            JsonNode value = now.path(field.name());
            switch (field.kind()) {
                case TEXT, OPTIONAL, NUMBER -> texts.put(field.name(), value.asString(""));
                case LINES -> texts.put(field.name(), String.join("\n", entries(value)));
                case DURATION -> texts.put(field.name(), text(Duration.parse(value.asString())));
                case CHOICES -> ticked.put(field.name(), entries(value));
            }
        }
        return new SectionValues(texts, ticked);
    }

    /** What somebody sent. */
    static SectionValues of(SectionForm form, MultiValueMap<String, String> sent) {
        var texts = new HashMap<String, String>();
        var ticked = new HashMap<String, List<String>>();
        for (SectionField field : form.fields()) {
            List<String> values = sent.getOrDefault(field.name(), List.of());
            if (field.kind() == SectionField.Kind.CHOICES) {
                ticked.put(field.name(), List.copyOf(values));
            } else {
                texts.put(field.name(), values.isEmpty() ? "" : values.getFirst().strip());
            }
        }
        return new SectionValues(texts, ticked);
    }

    /**
     * The values as the section's document.
     *
     * @throws InvalidInput when a duration or a number is none
     */
    ObjectNode document(SectionForm form, JsonMapper json) {
        ObjectNode document = json.createObjectNode();
        var problems = new ArrayList<Problem>();
        for (SectionField field : form.fields()) {
            String name = field.name();
            String text = texts.getOrDefault(name, "");
            switch (field.kind()) {
                case TEXT -> document.put(name, text);
                case OPTIONAL -> document.put(name, text.isEmpty() ? null : text);
                case LINES ->
                        document.set(
                                name,
                                json.valueToTree(
                                        text.lines()
                                                .map(String::strip)
                                                .filter(line -> !line.isEmpty())
                                                .toList()));
                case DURATION ->
                        TimeSpan.parse(text)
                                .ifPresentOrElse(
                                        span -> document.put(name, span.toString()),
                                        () -> problems.add(noDuration(name, text)));
                case NUMBER -> {
                    if (text.matches("-?\\d{1,9}")) {
                        document.put(name, Integer.parseInt(text));
                    } else {
                        problems.add(
                                new Problem(
                                        name,
                                        "“" + text + "” is not a whole number.",
                                        "Write digits only."));
                    }
                }
                case CHOICES ->
                        document.set(name, json.valueToTree(ticked.getOrDefault(name, List.of())));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return document;
    }

    private static Problem noDuration(String field, String text) {
        return new Problem(
                field,
                text.isEmpty() ? "A duration is missing." : "“" + text + "” is not a duration.",
                TimeSpan.FORMS);
    }

    private static List<String> entries(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    /** In the largest unit that says it exactly. */
    private static String text(Duration span) {
        long seconds = span.toSeconds();
        if (seconds == 0 || !span.equals(Duration.ofSeconds(seconds))) {
            return span.toString();
        }
        return seconds % 86_400 == 0
                ? span.toDays() + "d"
                : seconds % 3_600 == 0
                        ? span.toHours() + "h"
                        : seconds % 60 == 0 ? span.toMinutes() + "m" : seconds + "s";
    }
}
