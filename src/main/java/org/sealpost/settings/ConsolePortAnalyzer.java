package org.sealpost.settings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Names the setting of the port that the console could not get. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConsolePortAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        return new FailureAnalysis(
                "Port " + cause.getPort() + " (server.port) is taken by another program.",
                "Stop what uses it, or set server.port to a free port for console and API.",
                cause);
    }
}
