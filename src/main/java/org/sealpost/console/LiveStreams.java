package org.sealpost.console;

import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.OpenSessions;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.ConnectionEvents;
import org.sealpost.eventlog.ConnectionEvents.Subscription;
import org.sealpost.eventlog.EventFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;

/**
 * The open streams of the live log. A stream outlives the request that was let in, so each is asked
 * every few seconds whether its session would still be let in, and ended when not.
 */
@Component
class LiveStreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final long RECONNECT_MILLIS = 2_000;
    private static final long CHECK_SECONDS = 3;

    private final ConnectionEvents events;
    private final OpenSessions sessions;
    private final SpringTemplateEngine templates;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService checks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("live-stream-checks").factory());

    LiveStreams(ConnectionEvents events, OpenSessions sessions, SpringTemplateEngine templates) {
        this.events = events;
        this.sessions = sessions;
        this.templates = templates;
        var _ =
                checks.scheduleWithFixedDelay(
                        this::endForeign, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Opens a stream.
     *
     * @param lastSeen the last event the page shows; null for only what comes
     */
    SseEmitter open(
            EventFilter filter,
            @Nullable Long lastSeen,
            Authentication caller,
            @Nullable HttpSession session)
            throws IOException {
        var emitter = new SseEmitter(LONGEST.toMillis());
        emitter.send(SseEmitter.event().reconnectTime(RECONNECT_MILLIS).comment("connected"));
        var stream = new Stream(emitter, caller, session);
        Subscription subscription = events.follow(filter, lastSeen, stream);
        open.add(stream);
        Runnable end =
                () -> {
                    open.remove(stream);
                    subscription.close();
                };
        emitter.onCompletion(end);
        emitter.onError(e -> end.run());
        emitter.onTimeout(emitter::complete);
        return emitter;
    }

    private void endForeign() {
        for (Stream stream : open) {
            try {
                if (!stream.mayGoOn()) {
                    stream.ended();
                }
            } catch (RuntimeException e) {
                LOG.warn("a live stream's session cannot be checked, so it is ended", e);
                stream.ended();
            }
        }
    }

    @Override
    public void close() {
        checks.shutdownNow();
    }

    /** One page that watches. */
    private final class Stream implements ConnectionEvents.Follower {
        private final SseEmitter emitter;
        private final WatchedSession session;

        Stream(SseEmitter emitter, Authentication caller, @Nullable HttpSession session) {
            this.emitter = emitter;
            this.session = new WatchedSession(sessions, caller, session);
        }

        boolean mayGoOn() {
            return session.mayGoOn();
        }

        @Override
        public void seen(ConnectionEvent event) {
            var line = new Context(Locale.ROOT, Map.of("line", EventLine.of(event)));
            send(
                    SseEmitter.event()
                            .id(Long.toString(event.id()))
                            .data(
                                    templates.process("eventlog/rows", Set.of("row"), line),
                                    MediaType.TEXT_HTML));
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
            open.remove(this);
            emitter.complete();
        }
    }
}
