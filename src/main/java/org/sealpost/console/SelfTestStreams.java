package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.sealpost.account.OpenSessions;
import org.sealpost.selftest.Following;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells pages that a test or a batch shows more than before. A stream carries no content: the page
 * then asks for it as for any other.
 */
@Component
class SelfTestStreams {

    private static final Logger LOG = LoggerFactory.getLogger(SelfTestStreams.class);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final long RECONNECT_MILLIS = 2_000;

    /** Then a quiet stream shows whether its page is still there, and its session good. */
    private static final long CHECK_SECONDS = 3;

    /** Many changes within it are one. */
    private static final long PACE_MILLIS = 150;

    private final OpenSessions sessions;

    SelfTestStreams(OpenSessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Opens a stream that ends when what it follows is over.
     *
     * @param follow begins to follow, and is given what to call at each change
     */
    SseEmitter open(
            Function<Runnable, Following> follow,
            BooleanSupplier over,
            Authentication caller,
            HttpServletRequest request) {
        var emitter = new SseEmitter(LONGEST.toMillis());
        var stream =
                new Stream(
                        emitter,
                        over,
                        new WatchedSession(sessions, caller, request.getSession(false)));
        Following following = follow.apply(stream.changes::release);
        Thread.ofVirtual()
                .name("self-test-stream")
                .start(() -> {
                    SecurityContextHolder.setContext(new SecurityContextImpl(caller));
                    try (following) {
                        stream.run();
                    } finally {
                        SecurityContextHolder.clearContext();
                    }
                });
        emitter.onError(e -> stream.gone());
        emitter.onTimeout(emitter::complete);
        emitter.onCompletion(stream::gone);
        return emitter;
    }

    /** One page that watches. */
    private static final class Stream {
        private final SseEmitter emitter;
        private final BooleanSupplier over;
        private final WatchedSession session;

        /** One at the start: something may have changed since the page was made. */
        private final Semaphore changes = new Semaphore(1);

        private volatile boolean gone;

        Stream(SseEmitter emitter, BooleanSupplier over, WatchedSession session) {
            this.emitter = emitter;
            this.over = over;
            this.session = session;
        }

        void gone() {
            gone = true;
            changes.release();
        }

        void run() {
            try {
                emitter.send(
                        SseEmitter.event().reconnectTime(RECONNECT_MILLIS).comment("connected"));
                while (!gone) {
                    boolean changed = changes.tryAcquire(CHECK_SECONDS, TimeUnit.SECONDS);
                    if (!session.mayGoOn()) {
                        break;
                    }
                    changes.drainPermits();
                    if (over.getAsBoolean()) {
                        send("over");
                        break;
                    }
                    if (changed) {
                        send("changed");
                        Thread.sleep(PACE_MILLIS);
                    } else {
                        emitter.send(SseEmitter.event().comment("still here"));
                    }
                }
                emitter.complete();
            } catch (IOException | IllegalStateException left) {
                LOG.debug("the page of a self-test is gone", left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn("a self-test cannot be followed", e);
                emitter.completeWithError(e);
            }
        }

        private void send(String name) throws IOException {
            emitter.send(SseEmitter.event().name(name).data(name, MediaType.TEXT_PLAIN));
        }
    }
}
