package org.sealpost.policy;

import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.mail.InvalidInput;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;
import org.sealpost.tls.TlsLevel;

/** Defaults, certificates and the reading of rules in one line, for the tests of this package. */
final class PolicyFixtures {

    static final TestCa GLOBAL = TestCa.create("Global");
    static final TestCa ONE = TestCa.create("One");
    static final TestCa TWO = TestCa.create("Two");
    private static final Identity CLIENT = ONE.leaf("client.example").forClients().issue();

    static final TlsSettings DEFAULTS = TlsSettings.standard(TlsLevel.MAY, Duration.ofMinutes(5));

    /** Certificates 1 and 2 are anchors, 7 is a client identity, and nothing else exists. */
    static final CertificateSource CERTIFICATES =
            new CertificateSource() {
                @Override
                public Set<TrustAnchor> global(boolean systemToo) {
                    return Set.of(new TrustAnchor(GLOBAL.certificate(), null));
                }

                @Override
                public Set<TrustAnchor> named(List<String> entries) {
                    return entries.stream().map(this::anchor).collect(Collectors.toSet());
                }

                private TrustAnchor anchor(String entry) {
                    return switch (entry) {
                        case "1" -> new TrustAnchor(ONE.certificate(), null);
                        case "2" -> new TrustAnchor(TWO.certificate(), null);
                        default -> throw new InvalidInput("attributes.tafile", "none", "give one");
                    };
                }

                @Override
                public KeyIdentity client(long id) {
                    if (id == 7) {
                        return new KeyIdentity(7, CLIENT.key(), CLIENT.chain());
                    }
                    throw new InvalidInput("clientCertificateId", "none", "give one");
                }
            };

    private PolicyFixtures() {}

    /** Reads {@code secure match=a:b ciphers=high tafile=1,2 client=7 empty:exclude}. */
    static PolicyDraft draft(String nextHop, String line) {
        var attributes = PolicyAttributes.builder();
        String mode = "enforced";
        Long client = null;
        String[] words = line.strip().split("\\s+");
        for (int i = 1; i < words.length; i++) {
            String name = words[i].substring(0, words[i].indexOf('='));
            String value = words[i].substring(name.length() + 1).replace('~', ' ');
            switch (name) {
                case "match" -> attributes.match(List.of(value.split(";")));
                case "protocols" -> attributes.protocols(value);
                case "ciphers" -> attributes.ciphers(value);
                case "exclude" -> attributes.exclude(value);
                case "tafile" -> attributes.tafile(List.of(value.split(",", -1)));
                case "servername" -> attributes.servername(value);
                case "connect" -> attributes.connect(value);
                case "connection_reuse" -> attributes.connectionReuse(value);
                case "enable_rpk" -> attributes.enableRpk(value);
                case "policy_type" -> attributes.policyType(value);
                case "policy_domain" -> attributes.policyDomain(value);
                case "policy_failure" -> attributes.policyFailure(value);
                case "policy_ttl" -> attributes.policyTtl(value);
                case "mode" -> mode = value;
                case "client" -> client = Long.valueOf(value);
                default -> throw new IllegalArgumentException(name);
            }
        }
        return new PolicyDraft(nextHop, words[0], attributes.build(), mode, client, "");
    }

    static CompiledPolicy compiled(String line) {
        CheckedPolicy rule =
                new PolicyCheck(DEFAULTS, CERTIFICATES, (_, _) -> true)
                        .check(draft("x.example", line));
        return CompiledPolicy.of(
                rule.level(),
                rule.attributes(),
                rule.clientCertificateId(),
                DEFAULTS,
                CERTIFICATES);
    }
}
