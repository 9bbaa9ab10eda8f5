package org.sealpost.api;

import io.swagger.v3.oas.annotations.Parameter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.EventFilter;
import org.sealpost.tls.TlsLevel;

/** The filters of the connection log as a request carries them. */
record EventQuery(
        @Parameter(description = "inbound, outbound or internal") @Nullable String direction,
        @Parameter(description = "name of the listener") @Nullable String listener,
        @Parameter(description = "part of the peer's address and port") @Nullable String peer,
        @Parameter(description = "part of the peer's name or of the next hop")
                @Nullable String host,
        @Parameter(description = "TLS level of a delivery") @Nullable String level,
        @Parameter(description = "delivered, deferred, bounced, accepted, refused or closed")
                @Nullable String result,
        @Parameter(description = "part of the key of the TLS rule that matched a delivery")
                @Nullable String rule,
        @Parameter(description = "none, anonymous, untrusted, trusted or verified")
                @Nullable String tls,
        @Parameter(
                        description =
                                "part of the line, a queue or message id, a sender, a recipient or"
                                        + " a name")
                @Nullable String q,
        @Parameter(description = "events at or after it, e.g. 2026-01-31T12:00:00Z")
                @Nullable String since,
        @Parameter(description = "events before it, e.g. 2026-01-31T13:00:00Z")
                @Nullable String until,
        @Parameter(description = "false leaves out sessions of tests of our own listeners")
                @Nullable Boolean selfTests) {

    private static final List<String> LEVELS =
            Arrays.stream(TlsLevel.values()).map(TlsLevel::word).toList();

    EventFilter filter() {
        return new EventFilter(
                oneOf("direction", direction, ConnectionEvent.DIRECTIONS),
                listener,
                peer,
                host,
                oneOf("level", level, LEVELS),
                oneOf("result", result, ConnectionEvent.RESULTS),
                rule,
                oneOf("tls", tls, ConnectionEvent.TLS_CLASSES),
                q,
                time("since", since),
                time("until", until),
                selfTests == null || selfTests);
    }

    private static @Nullable String oneOf(
            String field, @Nullable String value, List<String> known) {
        if (value == null || value.isBlank() || known.stream().anyMatch(value::equalsIgnoreCase)) {
            return value;
        }
        throw new BadRequest(field, "The " + field + " is none of " + known + ".");
    }

    private static @Nullable Instant time(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            // A plus sign that was not escaped arrives as a space.
            return OffsetDateTime.parse(value.strip().replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw new BadRequest(
                    field,
                    "“" + value + "” is not a time with its zone, such as 2026-01-31T12:00:00Z.");
        }
    }
}
