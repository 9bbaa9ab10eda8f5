package org.sealpost.api;

import java.time.Duration;
import org.sealpost.settings.TimeSpan;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Reads the durations of a document in any of the forms of {@link TimeSpan}. */
final class WrittenDurations extends StdScalarDeserializer<Duration> {

    WrittenDurations() {
        super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser document, DeserializationContext context) {
        // A bare number says no unit.
        String text = document.hasToken(JsonToken.VALUE_STRING) ? document.getString() : "";
        return TimeSpan.parse(text)
                .orElseThrow(
                        () -> context.weirdStringException(text, Duration.class, "not a duration"));
    }
}
