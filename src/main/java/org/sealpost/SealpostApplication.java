package org.sealpost;

import org.sealpost.settings.ConfigurationLost;
import org.sealpost.standby.Standby;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.modulith.Modulithic;

/** Starts Sealpost: one process per {@code sealpost.home}. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Modulithic(systemName = "Sealpost")
public class SealpostApplication {

    public static void main(String[] args) {
        // JSSE reads this once, before its first handshake (RFC 5746 leaves the choice to the
        // server).
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        start(args);
    }

    /** Starts the relay or, when its configuration is lost, what tells so. */
    static ConfigurableApplicationContext start(String... args) {
        try {
            return SpringApplication.run(SealpostApplication.class, args);
        } catch (ConfigurationLost lost) {
            return Standby.run(lost, args);
        }
    }
}
