package org.sealpost.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first page: is everything up, does anything need a person, what happens now.
 *
 * @param attention what needs somebody, the most urgent first
 * @param oldest the message that waits longest; null when none is deferred
 * @param worst the certificate that ends first; null when there is none
 */
public record Dashboard(
        List<Listener> listeners,
        Waiting waiting,
        @Nullable QueueRow oldest,
        Delivered day,
        List<Attention> attention,
        @Nullable Certificate worst,
        List<EventLine> newest) {

    /**
     * A listener.
     *
     * @param state {@code up}, {@code down} or {@code off}
     * @param about its port, or why it is down
     */
    public record Listener(String name, String state, String about) {}

    /** What waits in the queue by state. */
    public record Waiting(long all, long active, long deferred, long held) {}

    /** Deliveries of the last 24 hours by their result. */
    public record Delivered(long delivered, long deferred, long bounced) {

        static final Delivered NONE = new Delivered(0, 0, 0);

        public boolean none() {
            return equals(NONE);
        }

        /** How many of a hundred ended like this, for a bar; at least one when there are any. */
        public long share(long part) {
            long all = delivered + deferred + bounced;
            return part == 0 ? 0 : Math.max(1, Math.round(100.0 * part / all));
        }
    }

    /** A certificate and its end. */
    public record Certificate(long id, String subject, String purpose, When ends, long daysLeft) {

        /** {@code good}, {@code warn} or {@code bad}. */
        public String tone() {
            return daysLeft < 7 ? "bad" : daysLeft < 30 ? "warn" : "good";
        }
    }

    /**
     * Something that needs a person.
     *
     * @param tone {@code warn} or {@code bad}
     * @param href where to see more; null when there is no page for it
     */
    public record Attention(
            String tone,
            String icon,
            String text,
            String about,
            @Nullable String href,
            String action) {}
}
