package org.sealpost.smtp;

import java.util.List;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.Protocols;

/** The versions and suites a listener offers. */
final class ServerSuites {

    private ServerSuites() {}

    static List<String> protocols(ListenerSettings listener) {
        return Protocols.parse("protocols", listener.protocols()).versions();
    }

    static List<String> of(ListenerSettings listener) {
        return Ciphers.of(
                "ciphers",
                listener.ciphers(),
                Ciphers.exclusions("excludeCiphers", listener.excludeCiphers()));
    }

    /** The versions that can be used with at least one of the suites. */
    static List<String> usable(ListenerSettings listener) {
        return Ciphers.usable(protocols(listener), of(listener));
    }
}
