package org.sealpost.smtp;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The ports of this machine: {@code sealpost.node.*-port} wins over what the database says. */
@Component
class NodePorts {

    private final Environment environment;

    NodePorts(Environment environment) {
        this.environment = environment;
    }

    /** The port to bind; 0 is any free one when the listener is on. */
    int of(ListenerSettings listener) {
        return environment.getProperty(
                "sealpost.node." + listener.name() + "-port", Integer.class, listener.port());
    }

    /** Tests bind port 0 through {@code sealpost.node.*-port}: any free port. */
    boolean isOn(ListenerSettings listener) {
        return of(listener) > 0 || listener.port() > 0;
    }
}
