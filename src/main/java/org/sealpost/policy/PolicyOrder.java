package org.sealpost.policy;

import java.util.Comparator;
import java.util.List;
import org.sealpost.tls.TlsLevel;

/**
 * The order rules are listed in.
 *
 * @param field one of {@link #FIELDS}; rules of one level are ordered by next hop
 */
public record PolicyOrder(String field, boolean descending) {

    /** What may be sorted by; the first is the usual one. */
    public static final List<String> FIELDS = List.of("nextHop", "level");

    /** Weakest first. */
    private static final List<TlsLevel> LEVELS = List.of(TlsLevel.values());

    public static final PolicyOrder BY_NEXT_HOP = new PolicyOrder("nextHop", false);

    /** The place of a rule in this order, as a page that goes on after it is asked for. */
    public String keyOf(TlsPolicy rule) {
        return field.equals("level")
                ? LEVELS.indexOf(rule.level()) + " " + rule.nextHop()
                : rule.nextHop();
    }

    Comparator<String> keys() {
        return descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
    }
}
