package org.sealpost.selftest;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.selftest.TestTarget.LevelRuling;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.Verdict;
import org.sealpost.tls.VerdictDocument;

/** What each level would say of one and the same session. */
final class Levels {

    private final TlsPolicies policies;
    private final TlsRequirement rule;

    /**
     * @param rule what holds for the next hop now
     */
    Levels(TlsPolicies policies, TlsRequirement rule) {
        this.policies = policies;
        this.rule = rule;
    }

    List<LevelRuling> rulings(TlsPeer peer, TlsObservation shown, boolean signsIn, Instant now) {
        return Arrays.stream(TlsLevel.values())
                .map(level -> {
                    VerdictDocument verdict = judge(level, peer, shown, signsIn, now).document();
                    return new LevelRuling(
                            level.word(), verdict.outcome(), verdict.code(), verdict.explanation());
                })
                .toList();
    }

    /** The session judged by a level that asks for chain and name. */
    VerdictDocument measured(TlsPeer peer, TlsObservation shown, Instant now) {
        TlsLevel level = rule.level().needsTrustedChain() ? rule.level() : TlsLevel.SECURE;
        return judge(level, peer, shown, false, now).document();
    }

    private Verdict judge(
            TlsLevel level, TlsPeer peer, TlsObservation shown, boolean signsIn, Instant now) {
        TlsObservation seen = level == TlsLevel.NONE ? unused(shown) : shown;
        return TlsJudge.judge(at(level), peer, seen, Duration.ZERO, signsIn, now);
    }

    private static TlsObservation unused(TlsObservation shown) {
        return new TlsObservation.Unused(
                switch (shown) {
                    case TlsObservation.Unused(boolean offered) -> offered;
                    case TlsObservation.NotOffered _ -> false;
                    case TlsObservation.Established session -> !session.implicit();
                    case TlsObservation.Refused _,
                            TlsObservation.HandshakeFailed _,
                            TlsObservation.EngineUnavailable _ ->
                            true;
                });
    }

    /** The rule with another level; without a rule, the defaults of that level. */
    TlsRequirement at(TlsLevel level) {
        if (level == rule.level()) {
            return rule;
        }
        // The defaults pin nothing, so what they say at fingerprint is what they say at encrypt.
        TlsRequirement defaults =
                policies.byDefault(
                        nextHop(), level == TlsLevel.FINGERPRINT ? TlsLevel.ENCRYPT : level);
        boolean own = rule.policyId() != null && rule.level() != TlsLevel.NONE;
        return with(
                own ? rule : defaults,
                level,
                rule.level().needsTrustedChain() ? rule.match() : defaults.match(),
                defaults.clearTextFallbackAfter());
    }

    private NextHop nextHop() {
        return rule.nextHop();
    }

    private TlsRequirement with(
            TlsRequirement base,
            TlsLevel level,
            List<NamePattern> match,
            @Nullable Duration fallback) {
        return new TlsRequirement(
                base.nextHop(),
                level,
                base.connect(),
                base.protocols(),
                base.cipherSuites(),
                match,
                rule.pins(),
                base.anchors(),
                base.servername(),
                base.client(),
                base.outsideFailure(),
                fallback,
                0,
                rule.matchedKey(),
                rule.policyId());
    }
}
