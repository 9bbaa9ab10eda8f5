package org.sealpost.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.sealpost.mail.Cidr;
import org.sealpost.mail.DomainName;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Seeds who this relay is, who may relay and how long records are kept. */
@Component
@Order(0)
class GeneralBootstrap implements BootstrapStep {

    private final Settings settings;

    GeneralBootstrap(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        String hostname = hostname(properties);
        String domain = hostname.contains(".") ? hostname : hostname + ".localdomain";
        settings.seed(
                GeneralSettings.SECTION,
                new GeneralSettings(hostname, "postmaster@" + domain, "MAILER-DAEMON@" + domain));
        for (String network : properties.relayNetworks()) {
            if (Cidr.parse(network).isEmpty()) {
                throw new StartupRefused(
                        "sealpost.bootstrap.relay-networks names “"
                                + network
                                + "”, which is not a network.",
                        "Write networks in CIDR form with no bits set behind the prefix, e.g."
                                + " 192.0.2.0/24, separated by commas.");
            }
        }
        var relay = new RelaySettings(properties.relayNetworks(), List.of());
        if (!relay.open().isEmpty()) {
            throw new StartupRefused(
                    "sealpost.bootstrap.relay-networks makes an open relay: "
                            + String.join(", ", relay.open())
                            + ".",
                    "Name the networks of your own machines only. If it has to be so, change it"
                            + " after the start, with a reason, under Settings, Relay.");
        }
        settings.seed(RelaySettings.SECTION, relay);
        settings.seed(RetentionSettings.SECTION, RetentionSettings.STANDARD);
        settings.seed(AlertSettings.SECTION, AlertSettings.STANDARD);
        return Optional.empty();
    }

    private static String hostname(BootstrapProperties properties) {
        String given = properties.hostname();
        if (given != null) {
            return DomainName.parse(given)
                    .map(DomainName::text)
                    .orElseThrow(() ->
                            new StartupRefused(
                                    "sealpost.bootstrap.hostname is “"
                                            + given
                                            + "”, which is not a host name.",
                                    "Write the full name other mail servers know this one"
                                            + " by, e.g. mail.example.com."));
        }
        try {
            return DomainName.parse(InetAddress.getLocalHost().getHostName())
                    .map(DomainName::text)
                    .orElse("localhost");
        } catch (UnknownHostException noNameSet) {
            return "localhost";
        }
    }
}
