package org.sealpost.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.EventFilter;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.springframework.web.util.UriComponentsBuilder;

/** The live log's filters as the address carries them. */
record LiveFilter(
        @Nullable String direction,
        @Nullable String listener,
        @Nullable String peer,
        @Nullable String host,
        @Nullable String level,
        @Nullable String result,
        @Nullable String rule,
        @Nullable String tls,
        @Nullable String q,
        @Nullable String since,
        @Nullable String until,
        @Nullable String selftests,
        @Nullable String group) {

    /**
     * The filter.
     *
     * @throws InvalidInput when a time cannot be read
     */
    EventFilter known() {
        var problems = new ArrayList<Problem>();
        Instant from = time("since", since, problems);
        Instant to = time("until", until, problems);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return new EventFilter(
                direction,
                listener,
                peer,
                host,
                level,
                result,
                rule,
                tls,
                q,
                from,
                to,
                showsTests());
    }

    /** Only what can be read, for a page that says what cannot. */
    EventFilter withoutTimes() {
        return new EventFilter(
                direction,
                listener,
                peer,
                host,
                level,
                result,
                rule,
                tls,
                q,
                null,
                null,
                showsTests());
    }

    /** Dozens of sessions of one test would hide those of mail, unless they are asked for. */
    private boolean showsTests() {
        return "show".equals(selftests) || (q != null && !q.isBlank());
    }

    boolean any() {
        return given().keySet().stream().anyMatch(field -> !field.equals("group"));
    }

    /** Whether the lines of a session stand together. */
    public boolean grouped() {
        return "session".equals(group);
    }

    /** Whether anything but the text is filtered, so that the page shows all the fields. */
    boolean beyondText() {
        return given().keySet().stream().anyMatch(field -> !field.equals("q"));
    }

    UriComponentsBuilder address(String path) {
        var address = UriComponentsBuilder.fromPath(path);
        given().forEach(address::queryParam);
        return address;
    }

    private Map<String, String> given() {
        var given = new LinkedHashMap<String, String>();
        put(given, "direction", direction);
        put(given, "listener", listener);
        put(given, "peer", peer);
        put(given, "host", host);
        put(given, "level", level);
        put(given, "result", result);
        put(given, "rule", rule);
        put(given, "tls", tls);
        put(given, "q", q);
        put(given, "since", since);
        put(given, "until", until);
        put(given, "selftests", selftests);
        put(given, "group", grouped() ? group : null);
        return given;
    }

    private static void put(Map<String, String> given, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            given.put(name, value);
        }
    }

    /** A time as browsers send it from a form, which has no zone and is UTC, or with its zone. */
    private static @Nullable Instant time(
            String field, @Nullable String value, List<Problem> problems) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String text = value.strip();
        try {
            return text.matches(".*T[0-9:.]+")
                    ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            problems.add(
                    new Problem(
                            field,
                            "“" + text + "” is not a time.",
                            "Write it as 2026-01-31T12:00, in UTC."));
            return null;
        }
    }
}
