package org.sealpost.console;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.tls.VerdictDocument;

/**
 * The rule that the next attempt at a next hop would go by.
 *
 * @param id of the rule; null for the default
 * @param key null for the default
 * @param differs whether the last verdict went by another key or level
 */
public record RuleNow(
        String nextHop, @Nullable Long id, @Nullable String key, String level, boolean differs) {

    static Optional<RuleNow> of(
            TlsPolicies policies, @Nullable String nextHop, @Nullable VerdictDocument last) {
        return NextHop.parse(nextHop == null ? "" : nextHop)
                .map(hop -> of(hop.text(), policies.lookup(hop), last));
    }

    private static RuleNow of(String nextHop, PolicyLookup lookup, @Nullable VerdictDocument last) {
        return switch (lookup) {
            case PolicyLookup.Found found -> {
                var policy = found.policy();
                yield new RuleNow(
                        nextHop,
                        policy == null ? null : policy.id(),
                        found.matchedKey(),
                        found.requirement().level().word(),
                        last != null
                                && !(Objects.equals(last.matchedKey(), found.matchedKey())
                                        && last.level() == found.requirement().level()));
            }
            case PolicyLookup.Unusable unusable ->
                    new RuleNow(
                            nextHop, null, unusable.matchedKey(), unusable.level().word(), false);
        };
    }
}
