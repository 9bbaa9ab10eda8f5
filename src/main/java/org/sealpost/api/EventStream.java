package org.sealpost.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.ConnectionEvents;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Writes events to one client; a client that is gone shows itself when it is written to. */
final class EventStream implements ConnectionEvents.Follower {

    private final SseEmitter emitter;

    EventStream(SseEmitter emitter) {
        this.emitter = emitter;
    }

    @Override
    public void seen(ConnectionEvent event) {
        send(
                SseEmitter.event()
                        .id(Long.toString(event.id()))
                        .data(event, MediaType.APPLICATION_JSON));
    }

    @Override
    public void quiet() {
        send(SseEmitter.event().comment("still here"));
    }

    private void send(SseEmitter.SseEventBuilder event) {
        try {
            emitter.send(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void ended() {
        emitter.complete();
    }
}
