package org.sealpost.policy;

import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.mail.InvalidInput;
import org.sealpost.tls.TlsLevel;

/** The check every rule passes before it is stored, for the tests of the files. */
public final class RuleCheck {

    private static final CertificateSource ANY_FILE =
            new CertificateSource() {
                @Override
                public Set<TrustAnchor> global(boolean systemToo) {
                    return Set.of();
                }

                @Override
                public Set<TrustAnchor> named(List<String> entries) {
                    return Set.of();
                }

                @Override
                public KeyIdentity client(long id) {
                    throw new InvalidInput("clientCertificateId", "There is none.", "Leave it.");
                }
            };

    private RuleCheck() {}

    /** The rule as it would be stored. */
    public static TlsPolicy stored(PolicyDraft draft) {
        CheckedPolicy rule =
                new PolicyCheck(
                                TlsSettings.standard(TlsLevel.MAY, Duration.ofMinutes(5)),
                                ANY_FILE,
                                (_, _) -> true)
                        .check(draft);
        return new TlsPolicy(
                1,
                rule.nextHop(),
                rule.level(),
                rule.attributes(),
                rule.mode(),
                rule.clientCertificateId(),
                rule.note(),
                0);
    }

    /** What is wrong with a draft; nothing when it can be stored. */
    public static List<InvalidInput.Problem> problems(PolicyDraft draft) {
        try {
            stored(draft);
            return List.of();
        } catch (InvalidInput invalid) {
            return invalid.problems();
        }
    }
}
