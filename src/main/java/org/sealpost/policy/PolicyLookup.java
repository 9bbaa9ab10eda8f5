package org.sealpost.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;

/** What the policy table says for a next hop. */
public sealed interface PolicyLookup {

    /** The keys that were tried, in order; the last one matched or is the last parent. */
    List<String> keysTried();

    /**
     * A requirement holds: a rule's, or the default when no key matched.
     *
     * @param matchedKey null for the default
     * @param origins for each setting of the requirement whether {@code rule} or {@code default}
     *     decided it
     * @param warnings what an administrator should know about it, a sentence each
     */
    record Found(
            List<String> keysTried,
            @Nullable String matchedKey,
            @Nullable TlsPolicy policy,
            TlsRequirement requirement,
            Map<String, String> origins,
            List<String> warnings)
            implements PolicyLookup {}

    /**
     * The rule that matched cannot be honoured: the mail waits (4.7.5), nothing weaker is tried.
     */
    record Unusable(
            List<String> keysTried,
            @Nullable String matchedKey,
            TlsLevel level,
            String reason,
            String remedy)
            implements PolicyLookup {}
}
