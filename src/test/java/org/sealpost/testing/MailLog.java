package org.sealpost.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a mail log tells of deliveries; Postfix's and Sealpost's lines read alike.
 *
 * <p>A course is written {@code deferred 4.7.5 Untrusted, sent 2.0.0}: the results for a recipient
 * in order, repetitions once, each with the category of the TLS session before it.
 */
public final class MailLog {

    private static final Pattern SESSION =
            Pattern.compile("(\\w+) TLS connection established to \\S*\\[[^]]*\\]:(\\d+)");
    private static final Pattern RESULT =
            Pattern.compile("to=<([^>]+)>.* dsn=([0-9.]+), status=(\\w+)");

    private final List<String> lines;

    public MailLog(List<String> lines) {
        this.lines = lines;
    }

    /**
     * The course of each recipient.
     *
     * @param ports the port of the one server that each recipient's mail goes to
     */
    public Map<String, List<String>> courses(Map<String, Integer> ports) {
        var categories = new HashMap<Integer, String>();
        var courses = new HashMap<String, List<String>>();
        for (String line : lines) {
            Matcher session = SESSION.matcher(line);
            if (session.find()) {
                categories.put(Integer.valueOf(session.group(2)), session.group(1));
            }
            Matcher result = RESULT.matcher(line);
            Integer port = result.find() ? ports.get(result.group(1)) : null;
            if (port != null) {
                String category = categories.get(port);
                String text = result.group(3) + " " + result.group(2);
                add(
                        courses.computeIfAbsent(result.group(1), _ -> new ArrayList<>()),
                        category == null ? text : text + " " + category);
            }
        }
        return courses;
    }

    private static void add(List<String> course, String result) {
        if (course.isEmpty() || !course.getLast().equals(result)) {
            course.add(result);
        }
    }
}
