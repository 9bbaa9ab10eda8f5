package org.sealpost.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.postfix.LogicalLines;
import org.sealpost.policy.postfix.LogicalLines.Piece;

/**
 * The services of a {@code master.cf}.
 *
 * @param malformed logical lines with too few fields
 */
record MasterCf(List<Service> services, List<String> malformed) {

    private static final int FIELDS = 8;

    /**
     * A service.
     *
     * @param name e.g. {@code smtps}, {@code 127.0.0.1:2525}, {@code smtp}
     * @param type {@code inet}, {@code unix} or another word
     * @param command e.g. {@code smtpd}
     * @param overrides its {@code -o name=value}
     */
    record Service(String name, String type, String command, Map<String, String> overrides) {

        boolean receives() {
            return command.equals("smtpd") && (type.equals("inet") || type.equals("pass"));
        }

        boolean sends() {
            return command.equals("smtp") && type.equals("unix");
        }

        /** The port it listens on; null when its name is none that is known. */
        @Nullable Integer port() {
            String port = name.substring(name.lastIndexOf(':') + 1);
            return switch (port) {
                case "smtp" -> 25;
                case "smtps", "submissions", "urd" -> 465;
                case "submission" -> 587;
                default -> port.matches("\\d{1,5}") ? Integer.valueOf(port) : null;
            };
        }
    }

    static MasterCf parse(String text) {
        var services = new ArrayList<Service>();
        var malformed = new ArrayList<String>();
        LogicalLines.read(
                text,
                piece -> {
                    if (piece instanceof Piece.Text(_, String line)) {
                        List<String> fields = fields(line);
                        if (fields.size() < FIELDS || Character.isWhitespace(line.charAt(0))) {
                            malformed.add(line.strip().replaceAll("\\s+", " "));
                        } else {
                            services.add(
                                    new Service(
                                            fields.get(0),
                                            fields.get(1),
                                            fields.get(7),
                                            overrides(fields.subList(FIELDS, fields.size()))));
                        }
                    }
                });
        return new MasterCf(services, malformed);
    }

    /** White space separates, but not inside braces, which are then dropped. */
    private static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        int depth = 0;
        var field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (depth == 0 && Character.isWhitespace(c)) {
                add(fields, field);
                continue;
            }
            field.append(c);
            if (c == '{') {
                depth++;
            } else if (c == '}' && depth > 0) {
                depth--;
            }
        }
        add(fields, field);
        return fields;
    }

    private static void add(List<String> fields, StringBuilder field) {
        String text = field.toString();
        if (!text.isEmpty()) {
            boolean braces = text.startsWith("{") && text.endsWith("}");
            fields.add(braces ? text.substring(1, text.length() - 1).strip() : text);
            field.setLength(0);
        }
    }

    private static Map<String, String> overrides(List<String> arguments) {
        var overrides = new LinkedHashMap<String, String>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String pair = "";
            if (argument.equals("-o") && i + 1 < arguments.size()) {
                pair = arguments.get(++i);
            } else if (argument.startsWith("-o")) {
                pair = argument.substring(2);
            }
            int equals = pair.indexOf('=');
            if (equals > 0) {
                overrides.put(
                        pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
            }
        }
        return overrides;
    }
}
