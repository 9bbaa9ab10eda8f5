package org.sealpost.settings;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says in people's words which value of a file cannot be read, and what it should look like. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class BadValueAnalyzer extends AbstractFailureAnalyzer<BindException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        if (property == null || !property.getName().toString().startsWith("sealpost.")) {
            return null;
        }
        Class<?> type = cause.getTarget().getType().resolve(Object.class);
        String kind =
                Duration.class.equals(type) ? "duration" : isNumber(type) ? "number" : "value";
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return new FailureAnalysis(
                property.getName()
                        + " is “"
                        + property.getValue()
                        + "”, which is no "
                        + kind
                        + " that can be read"
                        + origin
                        + ".",
                switch (kind) {
                    case "duration" -> "Write a number with its unit, such as 30s, 5m or 2h.";
                    case "number" -> "Write a whole number in digits.";
                    default -> "Correct it, or leave it out for its default.";
                },
                cause);
    }

    private static boolean isNumber(Class<?> type) {
        return Set.<Class<?>>of(int.class, long.class, Integer.class, Long.class).contains(type);
    }
}
