package org.sealpost.api;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.ConnectionEvents;
import org.sealpost.eventlog.EventFilter;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The connection log over REST, once as a list and once as a stream. */
@RestController
@RequestMapping("/api/v1/events")
class EventsApi {

    /** Then a client has to show anew who it is; it goes on where it was. */
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(15);

    private static final long RECONNECT_MILLIS = 2_000;

    private final ConnectionEvents events;

    EventsApi(ConnectionEvents events) {
        this.events = events;
    }

    @GetMapping
    Page<ConnectionEvent> list(
            @ParameterObject EventQuery query,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Page.size(size);
        EventFilter filter = query.filter();
        boolean newestFirst = Sort.of(sort, "-at", List.of("at")).descending();
        Long seen = id("cursor", Page.key(cursor));
        List<ConnectionEvent> found =
                newestFirst
                        ? events.latest(filter, seen, most + 1)
                        : events.earliest(filter, seen, most + 1);
        return Page.of(found, most, ConnectionEvent::id, events.count(filter));
    }

    @GetMapping(value = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream(
            @ParameterObject EventQuery query,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastSeen)
            throws IOException {
        EventFilter filter = query.filter();
        Long after = id("Last-Event-ID", lastSeen);
        var emitter = new SseEmitter(LONGEST_STREAM.toMillis());
        emitter.send(SseEmitter.event().reconnectTime(RECONNECT_MILLIS).comment("connected"));
        var subscription = events.follow(filter, after, new EventStream(emitter));
        emitter.onCompletion(subscription::close);
        emitter.onError(e -> subscription.close());
        emitter.onTimeout(emitter::complete);
        return emitter;
    }

    private static @Nullable Long id(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (!value.matches("\\d{1,18}")) {
            throw new BadRequest(field, "The " + field + " is not one of ours.");
        }
        return Long.valueOf(value);
    }
}
