package org.sealpost;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
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
        SpringApplication.run(SealpostApplication.class, args);
    }
}
