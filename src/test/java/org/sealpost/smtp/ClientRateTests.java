package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;

/** How many messages and new TLS sessions one client may have in a minute. */
@RunningSealpost
class ClientRateTests {

    private final BeanFactory sealpost;
    private final ApplicationEventPublisher events;
    private final Hands clock = new Hands();
    private RunningListener listener;

    ClientRateTests(BeanFactory sealpost, ApplicationEventPublisher events) throws IOException {
        this.sealpost = sealpost;
        this.events = events;
        this.listener = start(false);
    }

    @AfterEach
    void stop() {
        listener.beginStop();
        listener.finishStop(Instant.now());
    }

    @Test
    void messages() throws IOException {
        try (var talk = new Talk(listener.port())) {
            assertThat(talk.line()).startsWith("220 ");
            talk.say("EHLO client.example");
            assertThat(talk.say("MAIL FROM:<>")).isEqualTo("250 2.1.0 Ok");
            talk.say("RSET");
            assertThat(talk.say("MAIL FROM:<>")).isEqualTo("250 2.1.0 Ok");
            talk.say("RSET");
            assertThat(talk.say("MAIL FROM:<>"))
                    .isEqualTo("454 4.7.0 Error: too much mail from 127.0.0.1");

            clock.seconds.addAndGet(60);

            assertThat(talk.say("MAIL FROM:<>")).isEqualTo("250 2.1.0 Ok");
        }
    }

    @Test
    void newTlsSessionsByStarttls() throws IOException {
        begin(new TlsCaller(null));
        begin(new TlsCaller(null));
        try (var talk = new Talk(listener.port())) {
            talk.line();
            talk.say("EHLO client.example");
            assertThat(talk.say("STARTTLS"))
                    .isEqualTo("454 4.7.0 Error: too many new TLS sessions from 127.0.0.1");
            assertThat(talk.say("NOOP")).isEqualTo("250 2.0.0 Ok");
        }
        clock.seconds.addAndGet(60);

        begin(new TlsCaller(null));
    }

    @Test
    void resumedSessionsAreNotNew() throws IOException {
        var caller = new TlsCaller(null);
        for (int i = 0; i < 6; i++) {
            begin(caller);
        }
    }

    @Test
    void newSessionsOfImplicitTls() throws IOException {
        stop();
        listener = start(true);
        for (int i = 0; i < 2; i++) {
            try (var call = new TlsCaller(null).call(listener.port())) {
                assertThat(call.reply()).startsWith("220 ");
            }
        }

        assertThatIOException().isThrownBy(() -> new TlsCaller(null).call(listener.port()));
    }

    private void begin(TlsCaller caller) throws IOException {
        try (var talk = new Talk(listener.port())) {
            talk.line();
            talk.say("EHLO client.example");
            assertThat(talk.say("STARTTLS")).isEqualTo("220 2.0.0 Ready to start TLS");
            try (var call = caller.call(talk.socket)) {
                assertThat(call.say("EHLO client.example")).startsWith("250 ");
            }
        }
    }

    private RunningListener start(boolean implicitTls) throws IOException {
        var limits = new ListenerSettings.Limits(60, 10, 20, 10_000, 100, 1000, 50, 2, 2);
        return TestListeners.start(
                sealpost,
                events,
                ListenerSettings.standard(
                        "busy", 0, "127.0.0.1", "may", implicitTls, false, limits),
                clock);
    }

    /** A clock that stands still until a test moves it. */
    private static final class Hands extends Clock {
        private final AtomicLong seconds = new AtomicLong(1_800_000_000);

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
