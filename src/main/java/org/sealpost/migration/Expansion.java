package org.sealpost.migration;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of names as {@code postconf} does: {@code $name}, {@code ${name}},
 * {@code $(name)}, {@code ${name?then}}, {@code ${name:else}}, {@code ${name?{then}:{else}}},
 * {@code $$}.
 */
final class Expansion {

    private static final int DEEPEST = 30;
    private static final int LONGEST = 50_000;
    private static final int MOST_STEPS = 10_000;

    /** What Postfix has for the names that are used most, where {@code main.cf} is silent. */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "config_directory", "/etc/postfix",
                    "data_directory", "/var/lib/postfix",
                    "queue_directory", "/var/spool/postfix",
                    "mydestination", "$myhostname, localhost.$mydomain, localhost",
                    "myorigin", "$myhostname",
                    "mynetworks", "",
                    "relay_domains", "",
                    "relayhost", "");

    private final Map<String, MainCf.Setting> settings;
    private int steps;

    Expansion(Map<String, MainCf.Setting> settings) {
        this.settings = settings;
    }

    /** A value that cannot be worked out: it refers to itself, is too long or is malformed. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    /**
     * The value with every name replaced.
     *
     * @throws Unusable when there is no end to it
     */
    String of(String value) {
        steps = 0;
        return expand(value, 0);
    }

    /** The expanded value of a parameter; null when {@code main.cf} does not set it. */
    @Nullable String value(String name) {
        MainCf.Setting setting = settings.get(name);
        return setting == null ? null : of(setting.value());
    }

    private String expand(String value, int depth) {
        if (depth > DEEPEST || ++steps > MOST_STEPS) {
            throw new Unusable("The value refers to itself.");
        }
        var text = new StringBuilder();
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c != '$' || at + 1 == value.length()) {
                text.append(c);
                at++;
                continue;
            }
            char next = value.charAt(at + 1);
            if (next == '$') {
                text.append('$');
                at += 2;
            } else if (next == '{' || next == '(') {
                int end = closing(value, at + 1);
                text.append(named(value.substring(at + 2, end), depth));
                at = end + 1;
            } else {
                int end = at + 1;
                while (end < value.length() && isName(value.charAt(end))) {
                    end++;
                }
                text.append(end == at + 1 ? "$" : lookUp(value.substring(at + 1, end), depth));
                at = end;
            }
            if (text.length() > LONGEST) {
                throw new Unusable("The value becomes longer than " + LONGEST + " characters.");
            }
        }
        return text.toString();
    }

    private String named(String inside, int depth) {
        int end = 0;
        while (end < inside.length() && isName(inside.charAt(end))) {
            end++;
        }
        String value = lookUp(inside.substring(0, end), depth);
        String rest = inside.substring(end);
        if (rest.isEmpty()) {
            return value;
        }
        char operator = rest.charAt(0);
        if (operator == '?') {
            String[] parts = alternatives(rest.substring(1));
            return expand(value.isEmpty() ? parts[1] : parts[0], depth + 1);
        }
        if (operator == ':') {
            return value.isEmpty() ? expand(unbraced(rest.substring(1)), depth + 1) : value;
        }
        throw new Unusable("“${" + inside + "}” is not understood.");
    }

    /** {@code text} or {@code {text}:{text}}. */
    private static String[] alternatives(String text) {
        if (text.startsWith("{")) {
            int end = closing(text, 0);
            String rest = text.substring(end + 1);
            return new String[] {
                text.substring(1, end), rest.startsWith(":") ? unbraced(rest.substring(1)) : ""
            };
        }
        return new String[] {text, ""};
    }

    private static String unbraced(String text) {
        return text.startsWith("{") && text.endsWith("}")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private String lookUp(String name, int depth) {
        MainCf.Setting setting = settings.get(name);
        if (setting != null) {
            return expand(setting.value(), depth + 1);
        }
        if (name.equals("mydomain")) {
            String host = lookUp("myhostname", depth + 1);
            return host.substring(host.indexOf('.') + 1);
        }
        return expand(DEFAULTS.getOrDefault(name, ""), depth + 1);
    }

    private static int closing(String text, int opening) {
        char open = text.charAt(opening);
        char close = open == '{' ? '}' : ')';
        int depth = 0;
        for (int i = opening; i < text.length(); i++) {
            if (text.charAt(i) == open) {
                depth++;
            } else if (text.charAt(i) == close && --depth == 0) {
                return i;
            }
        }
        throw new Unusable("A brace is not closed.");
    }

    private static boolean isName(char c) {
        return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }
}
