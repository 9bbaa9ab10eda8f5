package org.sealpost.tls;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A verdict as the queue row, the event, the console and the API show it: the same value
 * everywhere, written once when the judge has ruled.
 *
 * @param outcome {@code deliver-encrypted}, {@code deliver-clear}, {@code defer} or {@code bounce}
 * @param code the enhanced status code, e.g. {@code 4.7.5}; null when mail may go out
 * @param level the level that was required
 * @param matchedKey the key of the policy table that matched, or null for the default
 * @param status {@code Anonymous}, {@code Untrusted}, {@code Trusted} or {@code Verified} as
 *     Postfix logs it; null without TLS
 * @param protocol e.g. {@code TLSv1.3}; null without TLS
 * @param cipher e.g. {@code TLS_AES_256_GCM_SHA384}; null without TLS
 * @param group the key exchange group, when the TLS stack tells it
 * @param checks every check that was made, in order
 * @param chain what the server presented, leaf first
 * @param explanation one sentence: what happened
 * @param remedy one sentence: what to do; empty when there is nothing to do
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record VerdictDocument(
        String outcome,
        @Nullable String code,
        TlsLevel level,
        @Nullable String matchedKey,
        @Nullable String status,
        @Nullable String protocol,
        @Nullable String cipher,
        @Nullable String group,
        List<CheckDocument> checks,
        List<CertificateDocument> chain,
        String explanation,
        String remedy) {

    /**
     * One check.
     *
     * @param name {@code connect starttls handshake protocol cipher chain validity name pin}
     * @param result {@code pass}, {@code fail}, {@code warn} or {@code skip}
     * @param expected what the rule asked for
     * @param seen what the server showed
     */
    public record CheckDocument(String name, String result, String expected, String seen) {}

    /**
     * A presented certificate.
     *
     * @param fingerprints {@code sha256}, {@code spki-sha256} and so on to upper-case hex pairs
     */
    public record CertificateDocument(
            String subject, String issuer, Instant notAfter, Map<String, String> fingerprints) {}
}
