package org.sealpost.console;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.mail.InvalidInput;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.PolicyOutlook;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.policy.TlsSettings;
import org.sealpost.policy.WeakPoints;
import org.sealpost.policy.postfix.TlsPolicyWriter;
import org.sealpost.settings.Settings;
import org.sealpost.tls.TlsLevel;
import org.springframework.stereotype.Component;

/** Looks at drafts of rules before they are stored. */
@Component
class RuleReviews {

    private final TlsPolicies policies;
    private final PolicyOutlook outlook;
    private final Settings settings;

    RuleReviews(TlsPolicies policies, PolicyOutlook outlook, Settings settings) {
        this.policies = policies;
        this.outlook = outlook;
        this.settings = settings;
    }

    /** A stored rule as it is, whoever looks at it. */
    RuleReview review(TlsPolicy stored) {
        EffectivePolicy effective = EffectivePolicy.of(outlook.of(stored));
        return new RuleReview(
                KeyPreview.of(stored.nextHop()),
                writer().entry(stored).strip(),
                List.of(),
                effective.warnings(),
                WeakPoints.of(stored.level(), stored.attributes()),
                effective,
                null);
    }

    RuleReview review(PolicyDraft draft, @Nullable TlsPolicy stored) {
        String typed = draft.nextHop();
        boolean named = typed != null && !typed.isBlank();
        KeyPreview key = KeyPreview.of(typed);
        try {
            PolicyDraft checked = policies.check(named ? draft : forExample(draft));
            TlsPolicy rule = rule(checked);
            EffectivePolicy effective = EffectivePolicy.of(outlook.of(checked));
            return new RuleReview(
                    key,
                    writer().entry(rule).strip(),
                    List.of(),
                    effective.warnings(),
                    WeakPoints.of(rule.level(), rule.attributes()),
                    effective,
                    named ? change(stored, checked) : null);
        } catch (InvalidInput invalid) {
            return new RuleReview(
                    key, null, FormProblems.of(invalid).all(), List.of(), List.of(), null, null);
        }
    }

    /**
     * What a change would alter.
     *
     * @param before null for a new rule
     * @param after null when the rule is removed
     * @throws InvalidInput when the draft cannot be stored
     */
    RuleChange change(@Nullable TlsPolicy before, @Nullable PolicyDraft after) {
        PolicyDraft checked = after == null ? null : policies.check(after);
        String key =
                before != null
                        ? before.nextHop()
                        : Objects.requireNonNull(Objects.requireNonNull(checked).nextHop());
        return RuleChange.of(
                key,
                EffectivePolicy.of(before == null ? outlook.without(key) : outlook.of(before)),
                EffectivePolicy.of(checked == null ? outlook.without(key) : outlook.of(checked)),
                outlook.compare(before, checked));
    }

    TlsPolicyWriter writer() {
        return new TlsPolicyWriter(
                Digest.parse(settings.get(TlsSettings.SECTION).fingerprintDigest())
                        .orElse(Digest.SHA256));
    }

    /** Stands in while the next hop is not typed yet, so that the rest can be shown. */
    private static PolicyDraft forExample(PolicyDraft draft) {
        return new PolicyDraft(
                "example.com",
                draft.level(),
                draft.attributes(),
                draft.mode(),
                draft.clientCertificateId(),
                draft.note());
    }

    /** The rule that a checked draft would become, under no id yet. */
    static TlsPolicy rule(PolicyDraft checked) {
        return new TlsPolicy(
                0,
                Objects.requireNonNull(checked.nextHop()),
                TlsLevel.parse(Objects.requireNonNull(checked.level())).orElseThrow(),
                Objects.requireNonNullElse(checked.attributes(), PolicyAttributes.NONE),
                Objects.requireNonNull(checked.mode()),
                checked.clientCertificateId(),
                Objects.requireNonNullElse(checked.note(), ""),
                0);
    }
}
