package org.sealpost.eventlog;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** What the connection log could not keep up with, as a metric. */
@Component
class EventMeters {

    EventMeters(EventLog log, MailLog lines, MeterRegistry meters) {
        FunctionCounter.builder("sealpost.events.dropped", log, EventLog::neverKept)
                .description("Finer events that were shown but never written")
                .register(meters);
        FunctionCounter.builder("sealpost.log.lines.dropped", lines, MailLog::leftOut)
                .description("Lines left out of log file and console, which took them too slowly")
                .register(meters);
    }
}
