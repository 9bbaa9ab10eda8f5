package org.sealpost.delivery;

import java.util.Optional;
import org.sealpost.mail.NextHop;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.BootstrapStep;
import org.sealpost.settings.Settings;
import org.sealpost.settings.StartupRefused;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Seeds the resolver's settings and, when a relayhost is given, the route for all mail. */
@Component
@Order(40)
class DeliveryBootstrap implements BootstrapStep {

    private final Settings settings;
    private final StoredRoutes routes;

    DeliveryBootstrap(Settings settings, StoredRoutes routes) {
        this.settings = settings;
        this.routes = routes;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        settings.seed(DnsSettings.SECTION, DnsSettings.STANDARD);
        settings.seed(DeliverySettings.SECTION, DeliverySettings.STANDARD);
        String relayhost = properties.relayhost();
        if (relayhost != null && !relayhost.isBlank()) {
            routes.seed(
                    "*",
                    NextHop.parse(relayhost)
                            .orElseThrow(() ->
                                    new StartupRefused(
                                            "sealpost.bootstrap.relayhost is “"
                                                    + relayhost
                                                    + "”, which is not a next hop.",
                                            "Write [mail.example.com]:587 for one host, or"
                                                    + " example.com for the MX hosts of a"
                                                    + " domain.")));
        }
        return Optional.empty();
    }
}
