package org.sealpost.demo;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.StartupRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Makes the configuration of the demo, in a data folder that never held another. */
@Component
@Profile("demo")
class DemoSetup {

    private static final Logger LOG = LoggerFactory.getLogger(DemoSetup.class);

    private final Partners partners;
    private final PartnerIdentities identities;
    private final DemoTraffic traffic;
    private final Environment environment;
    private final String password;

    DemoSetup(
            SealpostHome home,
            Partners partners,
            PartnerIdentities identities,
            DemoTraffic traffic,
            Environment environment,
            @Value("${sealpost.bootstrap.admin-password}") String password) {
        if (!home.isFirstStart()) {
            throw new StartupRefused(
                    "The profile demo would write partners and rules into the data folder "
                            + home
                            + ", which was used before.",
                    "Leave out sealpost.home (SEALPOST_HOME), or name a folder that does not"
                            + " exist.");
        }
        this.partners = partners;
        this.identities = identities;
        this.traffic = traffic;
        this.environment = environment;
        this.password = password;
    }

    @EventListener(ApplicationReadyEvent.class)
    @Order(10)
    void fill() throws GeneralSecurityException, IOException {
        var api =
                new DemoApi(
                        environment.getRequiredProperty("local.server.port", Integer.class),
                        password);
        api.put(
                "/settings/dns",
                Map.of("servers", List.of("127.0.0.1:" + partners.namesPort()), "timeout", "5s"));
        api.upload(identities.authority(), "trust");
        for (Partner partner : Partner.values()) {
            api.post(
                    "/routes",
                    Map.of("pattern", partner.domain(), "nextHop", partners.nextHop(partner)));
            if (partner.level() != null) {
                api.post("/policies", rule(partner, partner.level()));
            }
        }
        api.post("/users", user("operator", "operator"));
        api.post("/users", user("auditor", "auditor"));
        api.post("/self-tests", Map.of("listener", "smtp"));
        for (Partner partner : List.of(Partner.HOSPITAL, Partner.PHARMACY, Partner.ARCHIVE)) {
            api.post("/self-tests", Map.of("destination", partner.domain()));
        }
        traffic.start(api.serverCertificate());
        LOG.info("demo: sign in as admin with the password {}", password);
    }

    private Map<String, Object> rule(Partner partner, String level)
            throws GeneralSecurityException {
        var rule = new LinkedHashMap<String, Object>();
        rule.put("nextHop", partners.nextHop(partner));
        rule.put("level", level);
        rule.put("note", partner.note());
        if (level.equals("fingerprint")) {
            rule.put("attributes", Map.of("match", List.of(pin(partner))));
        }
        return rule;
    }

    private String pin(Partner partner) throws GeneralSecurityException {
        X509Certificate certificate =
                partner.changedCertificate()
                        ? identities.authority()
                        : partners.certificate(partner);
        return "sha256:" + fingerprint(certificate);
    }

    private static String fingerprint(@Nullable X509Certificate certificate)
            throws GeneralSecurityException {
        if (certificate == null) {
            throw new IllegalStateException("a server without TLS cannot be pinned");
        }
        return HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    private Map<String, Object> user(String name, String role) {
        return Map.of("username", name, "password", password, "roles", List.of(role));
    }
}
