package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.ConnectionEvents;
import org.sealpost.eventlog.EventFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import tools.jackson.databind.json.JsonMapper;

/** What the live log shows, as a file: the newest events that the filters let through. */
@Controller
class LiveDownloads {

    private static final int MOST = 10_000;
    private static final int AT_ONCE = 500;

    private final ConnectionEvents events;
    private final JsonMapper json;

    LiveDownloads(ConnectionEvents events, JsonMapper json) {
        this.events = events;
        this.json = json;
    }

    /** A line each, newest first, as the page has them. */
    @GetMapping("/live/download/text")
    void text(LiveFilter filter, HttpServletResponse response) throws IOException {
        EventFilter known = filter.known();
        PrintWriter out = open(response, "text/plain", "txt");
        each(known, event -> out.println(line(event)));
    }

    /** A JSON document each, as the API answers them. */
    @GetMapping("/live/download/json")
    void json(LiveFilter filter, HttpServletResponse response) throws IOException {
        EventFilter known = filter.known();
        PrintWriter out = open(response, "application/x-ndjson", "ndjson");
        each(known, event -> out.println(json.writeValueAsString(event)));
    }

    private static PrintWriter open(HttpServletResponse response, String type, String ending)
            throws IOException {
        response.setContentType(type);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"sealpost-log." + ending + "\"");
        return response.getWriter();
    }

    private void each(EventFilter filter, Consumer<ConnectionEvent> found) {
        Long before = null;
        for (int told = 0; told < MOST; told += AT_ONCE) {
            List<ConnectionEvent> some = events.latest(filter, before, AT_ONCE);
            some.forEach(found);
            if (some.size() < AT_ONCE) {
                return;
            }
            before = some.getLast().id();
        }
    }

    private static String line(ConnectionEvent event) {
        return event.at()
                + " "
                + event.direction()
                + " "
                + word(event.peer())
                + " "
                + word(event.session())
                + " "
                + event.text();
    }

    private static String word(@Nullable String value) {
        return value == null ? "-" : value;
    }
}
