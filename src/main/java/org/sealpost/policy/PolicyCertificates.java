package org.sealpost.policy;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.sealpost.certificate.CertificateUse;
import org.sealpost.mail.InvalidInput;
import org.sealpost.settings.Settings;
import org.sealpost.tls.TlsLevel;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Names the rules and defaults that refer to a stored certificate. */
@Component
class PolicyCertificates implements CertificateUse {

    private final TlsPolicyRows rows;
    private final Settings settings;
    private final JsonMapper json;

    PolicyCertificates(TlsPolicyRows rows, Settings settings, JsonMapper json) {
        this.rows = rows;
        this.settings = settings;
        this.json = json;
    }

    @Override
    public List<String> of(long certificateId) {
        String id = Long.toString(certificateId);
        Stream<TlsPolicyEntity> found =
                Stream.concat(
                        rows.findByAttributesContaining("\"tafile\"").stream(),
                        rows.findByClientCertificateId(certificateId).stream());
        Stream<String> byRules =
                named(
                        found,
                        rule -> {
                            List<String> tafile = rule.attributes().tafile();
                            return (tafile != null && tafile.contains(id))
                                    || Objects.equals(rule.clientCertificateId(), certificateId);
                        });
        Long standard = settings.get(TlsSettings.SECTION).clientCertificateId();
        return Objects.equals(standard, certificateId)
                ? Stream.concat(Stream.of("the TLS defaults"), byRules).toList()
                : byRules.toList();
    }

    @Override
    public List<String> pinning(X509Certificate certificate) {
        return named(
                        rows.findByLevel(TlsLevel.FINGERPRINT.word()).stream(),
                        rule -> pins(rule, certificate))
                .toList();
    }

    private Stream<String> named(Stream<TlsPolicyEntity> found, Predicate<TlsPolicy> refers) {
        return found.map(row -> row.toPolicy(json))
                .filter(refers)
                .map(rule -> "the policy " + rule.nextHop())
                .distinct();
    }

    private static boolean pins(TlsPolicy rule, X509Certificate certificate) {
        List<String> match = rule.attributes().match();
        try {
            return match != null
                    && Pins.parse("attributes.match", match).stream()
                            .anyMatch(pin -> pin.matches(certificate));
        } catch (InvalidInput unusable) {
            return false;
        }
    }
}
