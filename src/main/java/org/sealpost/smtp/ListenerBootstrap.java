package org.sealpost.smtp;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.BootstrapStep;
import org.sealpost.settings.StartupRefused;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Seeds the three listeners. */
@Component
@Order(50)
class ListenerBootstrap implements BootstrapStep {

    private final ListenerRows rows;
    private final JsonMapper json;

    ListenerBootstrap(ListenerRows rows, JsonMapper json) {
        this.rows = rows;
        this.json = json;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        String address = properties.bindAddress();
        if (address != null && AddressLiteral.parse(address).isEmpty()) {
            throw new StartupRefused(
                    "sealpost.bootstrap.bind-address is “" + address + "”, which is no IP address.",
                    "Write an address of this machine, or leave it out to listen on all.");
        }
        var ports = new HashMap<Integer, String>();
        check(ports, "sealpost.bootstrap.smtp-port", properties.smtpPort());
        check(ports, "sealpost.bootstrap.smtps-port", properties.smtpsPort());
        check(ports, "sealpost.bootstrap.submission-port", properties.submissionPort());
        var limits = ListenerSettings.Limits.STANDARD;
        store(
                ListenerSettings.standard(
                        "smtp", properties.smtpPort(), address, "may", false, false, limits));
        store(
                ListenerSettings.standard(
                        "smtps", properties.smtpsPort(), address, "encrypt", true, false, limits));
        store(
                ListenerSettings.standard(
                        "submission",
                        properties.submissionPort(),
                        address,
                        "encrypt",
                        false,
                        true,
                        limits));
        return Optional.empty();
    }

    private static void check(Map<Integer, String> ports, String key, int port) {
        if (port < 0 || port > 65535) {
            throw new StartupRefused(
                    key + " is " + port + ", which is no TCP port.",
                    "Choose a port from 1 to 65535, or 0 to switch the listener off.");
        }
        String other = port == 0 ? null : ports.put(port, key);
        if (other != null) {
            throw new StartupRefused(
                    key + " and " + other + " are both " + port + ".",
                    "Give each listener its own port, or 0 to switch one off.");
        }
    }

    private void store(ListenerSettings listener) {
        rows.saveAndFlush(new ListenerEntity(listener.name(), json.writeValueAsString(listener)));
    }
}
