package org.sealpost.settings;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the very first start writes into the database; ignored afterwards.
 *
 * @param hostname the name in banner, EHLO and certificate; the machine's name when not set
 * @param smtpPort port of the listener {@code smtp} (STARTTLS); 0 switches it off
 * @param smtpsPort port of the listener {@code smtps} (implicit TLS); 0 switches it off
 * @param submissionPort port of the listener {@code submission} (AUTH needed); 0 switches it off
 * @param bindAddress the address the listeners bind; all addresses when not set
 * @param relayNetworks CIDR networks that may relay without AUTH
 * @param relayhost next hop of all mail, e.g. {@code [mail.example.com]:587}; MX when not set
 * @param tlsLevel default outbound TLS level
 * @param adminPassword password of the user {@code admin}; random and printed once when not set
 * @param certificate path of the server certificate chain (PEM); self-signed when not set
 * @param privateKey path of its private key (PEM, PKCS#8)
 * @param firstRetry wait before the first retry, and age at which {@code may} may fall back
 */
@ConfigurationProperties("sealpost.bootstrap")
public record BootstrapProperties(
        @Nullable String hostname,
        @DefaultValue("2525") int smtpPort,
        @DefaultValue("2465") int smtpsPort,
        @DefaultValue("2587") int submissionPort,
        @Nullable String bindAddress,
        @DefaultValue({"127.0.0.0/8", "::1/128"}) List<String> relayNetworks,
        @Nullable String relayhost,
        @DefaultValue("may") String tlsLevel,
        @Nullable String adminPassword,
        @Nullable String certificate,
        @Nullable String privateKey,
        @DefaultValue("5m") Duration firstRetry) {}
