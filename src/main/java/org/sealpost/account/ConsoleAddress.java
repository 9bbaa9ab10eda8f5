package org.sealpost.account;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.StartupRefused;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The address people open the console at. Passkeys belong to it: a request's Host header must not
 * decide which name they are good for.
 */
@Component
class ConsoleAddress {

    private final @Nullable URI given;
    private final Environment environment;

    ConsoleAddress(
            @Value("${sealpost.console.url:#{null}}") @Nullable String given,
            Environment environment) {
        this.given = given == null || given.isBlank() ? null : parse(given.strip());
        this.environment = environment;
    }

    /** Without a given one that of this machine, which browsers trust without TLS. */
    URI get() {
        return given != null
                ? given
                : URI.create(
                        "http://localhost:"
                                + environment.getProperty(
                                        "local.server.port",
                                        environment.getProperty("server.port", "8080")));
    }

    private static URI parse(String text) {
        try {
            URI address = URI.create(text);
            boolean plain =
                    address.getHost() != null
                            && address.getUserInfo() == null
                            && (address.getPath().isEmpty() || address.getPath().equals("/"))
                            && address.getQuery() == null
                            && address.getFragment() == null;
            if (plain
                    && ("https".equals(address.getScheme())
                            || ("http".equals(address.getScheme())
                                    && "localhost".equals(address.getHost())))) {
                return URI.create(text.replaceFirst("/$", ""));
            }
        } catch (IllegalArgumentException noAddress) {
            // refused like any other that cannot be used
        }
        throw new StartupRefused(
                "sealpost.console.url is “" + text + "”, which is not an address of a console.",
                "Write https://, the host name people open the console at, and its port where it"
                        + " is not 443, e.g. https://relay.example.com:8443.");
    }
}
