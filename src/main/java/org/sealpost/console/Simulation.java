package org.sealpost.console;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.policy.PolicyLookup;

/**
 * What would hold for one recipient or next hop.
 *
 * @param asked as typed
 * @param nextHop where mail goes; null when the text is neither an address nor a next hop
 * @param routing what routes have to do with it, in a sentence; null when nothing
 * @param ruleId the rule that matched; null for the default
 */
public record Simulation(
        String asked,
        @Nullable String nextHop,
        @Nullable String routing,
        List<Key> keys,
        @Nullable Long ruleId,
        @Nullable EffectivePolicy effective,
        @Nullable Problem problem) {

    /** A key that was tried. */
    public record Key(String text, boolean matched) {}

    static Simulation of(
            String asked, String nextHop, @Nullable String routing, PolicyLookup lookup) {
        EffectivePolicy effective = EffectivePolicy.of(lookup);
        return new Simulation(
                asked,
                nextHop,
                routing,
                lookup.keysTried().stream()
                        .map(key -> new Key(key, key.equals(effective.matchedKey())))
                        .toList(),
                lookup instanceof PolicyLookup.Found found && found.policy() != null
                        ? found.policy().id()
                        : null,
                effective,
                null);
    }

    static Simulation refused(String asked, Problem problem) {
        return new Simulation(asked, null, null, List.of(), null, null, problem);
    }
}
