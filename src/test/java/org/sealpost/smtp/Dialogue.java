package org.sealpost.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dialogue as it stands in a file of {@code smtp/dialogues}; README.md there explains the marks.
 *
 * @param settings what the lines with {@code @} say
 */
record Dialogue(Path file, Map<String, String> settings, List<Step> steps) {

    private static final Pattern STEP =
            Pattern.compile("([A-Z]+[:~>*]?)(?: x(\\d+)(?= ))?(?: (.*))?");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|.)");
    private static final Pattern REPEATED = Pattern.compile("\\{(.+?)\\*(\\d+)}");

    /**
     * One line of the file.
     *
     * @param mark e.g. {@code C:}, {@code S~}, {@code TLS}
     * @param times how often it happens
     */
    record Step(int line, String mark, int times, String text) {

        /** What a {@code C>} line sends: with its escapes, without a line end of its own. */
        byte[] raw() {
            String unescaped =
                    ESCAPE.matcher(text)
                            .replaceAll(found -> Matcher.quoteReplacement(octet(found.group(1))));
            return unescaped.getBytes(StandardCharsets.ISO_8859_1);
        }

        private String octet(String escape) {
            return switch (escape.charAt(0)) {
                case 'r' -> "\r";
                case 'n' -> "\n";
                case '0' -> "\0";
                case 'x' -> Character.toString(Integer.parseInt(escape.substring(1), 16));
                default -> throw new IllegalArgumentException("unknown escape in line " + line);
            };
        }
    }

    static Dialogue read(Path file) throws IOException {
        var settings = new HashMap<String, String>();
        var steps = new ArrayList<Step>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.startsWith("@")) {
                String[] pair = line.substring(1).split(" ", 2);
                settings.put(pair[0], pair[1]);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                steps.add(step(file, number, line));
            }
        }
        return new Dialogue(file, Map.copyOf(settings), List.copyOf(steps));
    }

    private static Step step(Path file, int number, String line) {
        Matcher matcher = STEP.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file + ":" + number + " cannot be read: " + line);
        }
        String text = matcher.group(3) == null ? "" : matcher.group(3);
        int times = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
        return new Step(
                number,
                matcher.group(1),
                times,
                REPEATED.matcher(text)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(
                                        found.group(1).repeat(Integer.parseInt(found.group(2))))));
    }

    String setting(String name, String otherwise) {
        return settings.getOrDefault(name, otherwise);
    }

    @Override
    public String toString() {
        return file.getFileName().toString().replace(".smtp", "");
    }
}
