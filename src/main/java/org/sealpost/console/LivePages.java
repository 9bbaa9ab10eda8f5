package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.ConnectionEvents;
import org.sealpost.eventlog.EventFilter;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.smtp.Listeners;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The connection log: a list of what happened, which goes on by itself where there is script. */
@Controller
class LivePages {

    private final ConnectionEvents events;
    private final Listeners listeners;
    private final LiveStreams streams;
    private final Clock clock;

    LivePages(ConnectionEvents events, Listeners listeners, LiveStreams streams, Clock clock) {
        this.events = events;
        this.listeners = listeners;
        this.streams = streams;
        this.clock = clock;
    }

    @GetMapping("/live")
    String list(
            LiveFilter filter,
            @RequestParam(required = false) @Nullable Long after,
            Model model,
            HttpServletResponse response) {
        EventFilter known;
        FormProblems problems = FormProblems.NONE;
        try {
            known = filter.known();
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            problems = FormProblems.of(invalid);
            known = filter.withoutTimes();
        }
        // Asked for first: what happens between the two reads comes twice, not never.
        long newest =
                events.latest(EventFilter.ALL, null, 1).stream()
                        .mapToLong(ConnectionEvent::id)
                        .findFirst()
                        .orElse(0);
        List<ConnectionEvent> found = events.latest(known, after, Listing.SIZE + 1);
        boolean follows = after == null && !problems.any() && known.until() == null;
        model.addAttribute("filter", filter)
                .addAttribute("filtered", filter.any())
                .addAttribute("narrow", filter.beyondText())
                .addAttribute("problems", problems)
                .addAttribute("directions", ConnectionEvent.DIRECTIONS)
                .addAttribute("results", ConnectionEvent.RESULTS)
                .addAttribute("levels", LevelChoice.ALL)
                .addAttribute("tlsClasses", ConnectionEvent.TLS_CLASSES)
                .addAttribute(
                        "textHref",
                        filter.address("/live/download/text").build().encode().toUriString())
                .addAttribute(
                        "jsonHref",
                        filter.address("/live/download/json").build().encode().toUriString())
                .addAttribute(
                        "listeners",
                        listeners.list().stream().map(one -> one.settings().name()).toList())
                .addAttribute(
                        "page",
                        inOrder(
                                filter,
                                Listing.of(
                                                found,
                                                -1,
                                                filter.address("/live"),
                                                after,
                                                ConnectionEvent::id)
                                        .map(EventLine::of)));
        if (follows) {
            model.addAttribute(
                    "stream",
                    filter.address("/live/stream")
                            .queryParam("after", newest)
                            .build()
                            .encode()
                            .toUriString());
        }
        return "eventlog/live";
    }

    /** By time, or with the lines of each session together, that of the newest first. */
    private static Listing<EventLine> inOrder(LiveFilter filter, Listing<EventLine> page) {
        if (!filter.grouped()) {
            return page;
        }
        var sessions = new LinkedHashMap<String, List<EventLine>>();
        for (EventLine line : page.items()) {
            String key = line.session() == null ? "event " + line.id() : line.session();
            sessions.computeIfAbsent(key, _ -> new ArrayList<>()).add(line);
        }
        return new Listing<>(
                sessions.values().stream().flatMap(List::stream).toList(),
                page.total(),
                page.firstHref(),
                page.nextHref());
    }

    @GetMapping("/live/{id:\\d{1,18}}")
    String event(@PathVariable long id, Model model) {
        ConnectionEvent event =
                events.latest(EventFilter.ALL, id + 1, 1).stream()
                        .filter(found -> found.id() == id)
                        .findFirst()
                        .orElseThrow(() -> new NotFound("event", id));
        model.addAttribute("story", EventStory.of(event, clock.instant()));
        return "eventlog/event";
    }

    /** New lines as they come, for the session that asks; the API has a stream for programs. */
    @GetMapping(value = "/live/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream(
            LiveFilter filter,
            @RequestParam(required = false) @Nullable Long after,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastSeen,
            Authentication caller,
            HttpServletRequest request)
            throws IOException {
        HttpSession session = request.getSession(false);
        return streams.open(filter.known(), lastSeen == null ? after : lastSeen, caller, session);
    }
}
