package org.sealpost.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;

/**
 * An event as a line of the live log.
 *
 * @param iso when it was recorded, for machines
 * @param date the day, in UTC
 * @param time the time of day, in UTC
 * @param afterMillis since its session began; null when unknown
 * @param tls what the session was encrypted with, in short; null in clear or when unknown
 */
public record EventLine(
        long id,
        String iso,
        String date,
        String time,
        String type,
        String direction,
        @Nullable String session,
        @Nullable String queueId,
        @Nullable String listener,
        @Nullable String peer,
        @Nullable String host,
        @Nullable String level,
        @Nullable String result,
        @Nullable String rule,
        @Nullable String tls,
        @Nullable Long afterMillis,
        String text) {

    private static final DateTimeFormatter DATE = format("yyyy-MM-dd");
    private static final DateTimeFormatter TIME = format("HH:mm:ss.SSS");

    static EventLine of(ConnectionEvent event) {
        Instant at = event.at();
        return new EventLine(
                event.id(),
                at.toString(),
                DATE.format(at),
                TIME.format(at),
                event.type(),
                event.direction(),
                event.session(),
                event.queueId(),
                event.listener(),
                event.peer(),
                event.host(),
                event.level(),
                event.result(),
                event.rule(),
                tls(event.details().tls()),
                event.details().millis(),
                event.text());
    }

    /** The protocol out of Postfix's line. */
    private static @Nullable String tls(@Nullable String line) {
        if (line == null) {
            return null;
        }
        int protocol = line.indexOf("TLSv1");
        return protocol < 0 ? "TLS" : line.substring(protocol).split("[ ,]", 2)[0];
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }
}
