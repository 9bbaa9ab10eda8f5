package org.sealpost.tls;

import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Lets the TLS stack speak TLS 1.0 and 1.1 at all when {@code sealpost.tls.allow-legacy} says so.
 * It reads its bans once, when it is first used, so this comes before any bean. Nothing offers the
 * old versions by itself: the defaults of both sides stay at 1.2 and newer, and all other bans
 * stay.
 */
class LegacyTls implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    static final String PROPERTY = "sealpost.tls.allow-legacy";
    private static final String BANS = "jdk.tls.disabledAlgorithms";
    private static final String MODERN = "TLSv1.2,TLSv1.3";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (context.getEnvironment().getProperty(PROPERTY, Boolean.class, false)) {
            allow();
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    static void allow() {
        System.setProperty("jdk.tls.client.protocols", MODERN);
        System.setProperty("jdk.tls.server.protocols", MODERN);
        Security.setProperty(BANS, withoutOldVersions(Security.getProperty(BANS)));
    }

    static String withoutOldVersions(String bans) {
        return Arrays.stream(bans.split(","))
                .map(String::strip)
                .filter(ban -> !List.of("TLSv1", "TLSv1.1").contains(ban))
                .collect(Collectors.joining(", "));
    }
}
