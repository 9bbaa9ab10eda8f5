package org.sealpost.policy;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsLevel;

/**
 * Which rules somebody wants to see.
 *
 * @param text found in next hop or note; null for all
 * @param level only rules of this level; null for all
 * @param mode {@code enforced} or {@code disabled}; null for both
 * @param weak whether only rules with a {@link WeakPoints weak point} count
 */
public record PolicyFilter(
        @Nullable String text, @Nullable TlsLevel level, @Nullable String mode, boolean weak) {

    /**
     * A page of what was found.
     *
     * @param total how many there are on all pages
     */
    public record Page(List<TlsPolicy> rules, long total) {}

    /** One pass over the table, which holds no more than a page of it at a time. */
    Page page(Stream<TlsPolicy> all, PolicyOrder wanted, @Nullable String after, int size) {
        Comparator<String> keys = wanted.keys();
        Comparator<TlsPolicy> order = Comparator.comparing(wanted::keyOf, keys);
        var kept = new PriorityQueue<TlsPolicy>(size + 1, order.reversed());
        String folded = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        long[] total = {0};
        all.filter(rule -> shows(rule, folded))
                .forEach(rule -> {
                    total[0]++;
                    if (after == null || keys.compare(wanted.keyOf(rule), after) > 0) {
                        kept.add(rule);
                        if (kept.size() > size) {
                            kept.remove();
                        }
                    }
                });
        return new Page(kept.stream().sorted(order).toList(), total[0]);
    }

    private boolean shows(TlsPolicy rule, String folded) {
        return (level == null || rule.level() == level)
                && (mode == null || rule.mode().equals(mode))
                && (folded.isEmpty()
                        || rule.nextHop().contains(folded)
                        || rule.note().toLowerCase(Locale.ROOT).contains(folded))
                && (!weak || !WeakPoints.of(rule.level(), rule.attributes()).isEmpty());
    }
}
