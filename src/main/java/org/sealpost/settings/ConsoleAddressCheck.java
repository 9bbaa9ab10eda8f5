package org.sealpost.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Refuses to offer console and API to the network in clear text, unless told so explicitly. */
class ConsoleAddressCheck
        implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        String address = environment.getProperty("server.address", "127.0.0.1");
        boolean encrypted =
                environment.containsProperty("server.ssl.bundle")
                        || environment.containsProperty("server.ssl.certificate")
                        || environment.containsProperty("server.ssl.key-store");
        boolean allowed =
                environment.getProperty("sealpost.console.allow-cleartext", Boolean.class, false);
        if (!encrypted && !allowed && !isLoopback(address)) {
            throw new StartupRefused(
                    "server.address is "
                            + address
                            + ", which would offer console and API to the network in clear text.",
                    "Configure HTTPS (server.ssl.bundle), keep 127.0.0.1, or set"
                            + " sealpost.console.allow-cleartext=true when a proxy in front encrypts.");
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
