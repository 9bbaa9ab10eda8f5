package org.sealpost.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a settings section as a form shows it.
 *
 * @param name as the section and the API call it
 * @param hint what Postfix calls it, and what else one should know
 * @param choices what can be ticked, by value; empty unless {@code kind} is {@code CHOICES}
 */
public record SectionField(
        String name, String label, Kind kind, String hint, Map<String, String> choices) {

    /** How it is written. */
    public enum Kind {
        TEXT,
        /** Text; nothing stands for no value at all. */
        OPTIONAL,
        /** One entry a line. */
        LINES,
        DURATION,
        /** A whole number. */
        NUMBER,
        /** Any of some. */
        CHOICES
    }

    static SectionField text(String name, String label, String hint) {
        return new SectionField(name, label, Kind.TEXT, hint, Map.of());
    }

    static SectionField optional(String name, String label, String hint) {
        return new SectionField(name, label, Kind.OPTIONAL, hint, Map.of());
    }

    static SectionField lines(String name, String label, String hint) {
        return new SectionField(name, label, Kind.LINES, hint, Map.of());
    }

    static SectionField duration(String name, String label, String hint) {
        return new SectionField(name, label, Kind.DURATION, hint, Map.of());
    }

    static SectionField number(String name, String label, String hint) {
        return new SectionField(name, label, Kind.NUMBER, hint, Map.of());
    }

    /** The labels are in the order of the values. */
    static SectionField choices(String name, String label, List<String> values, String... labels) {
        var choices = new LinkedHashMap<String, String>();
        for (int i = 0; i < values.size(); i++) {
            choices.put(values.get(i), labels[i]);
        }
        return new SectionField(name, label, Kind.CHOICES, "", choices);
    }
}
