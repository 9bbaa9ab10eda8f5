package org.sealpost.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sealpost.policy.StrengthChange;

/**
 * A change before it is made: what holds now and what would hold.
 *
 * @param strength {@code same}, {@code stronger}, {@code different} or {@code weaker}
 * @param reasons the parts that are weaker or different, a sentence each
 * @param lines only what differs, except for the level
 */
public record RuleChange(
        String nextHop,
        String strength,
        List<String> reasons,
        EffectivePolicy before,
        EffectivePolicy after,
        List<Line> lines) {

    /** One setting before and after. */
    public record Line(String name, List<String> before, List<String> after) {}

    static RuleChange of(
            String nextHop, EffectivePolicy before, EffectivePolicy after, StrengthChange change) {
        return new RuleChange(
                nextHop,
                change.strength().name().toLowerCase(Locale.ROOT),
                change.reasons(),
                before,
                after,
                lines(before, after));
    }

    public boolean isWeaker() {
        return strength.equals("weaker");
    }

    private static List<Line> lines(EffectivePolicy before, EffectivePolicy after) {
        Map<String, List<String>> now = values(before);
        Map<String, List<String>> then = values(after);
        var names = new LinkedHashMap<>(now);
        then.forEach(names::putIfAbsent);
        var lines = new ArrayList<Line>();
        for (String name : names.keySet()) {
            List<String> one = now.getOrDefault(name, List.of());
            List<String> other = then.getOrDefault(name, List.of());
            if (!one.equals(other)) {
                lines.add(new Line(name, less(one, other), less(other, one)));
            }
        }
        return lines;
    }

    private static Map<String, List<String>> values(EffectivePolicy policy) {
        var values = new LinkedHashMap<String, List<String>>();
        values.put("Decided by", List.of(policy.source()));
        if (policy.unusable() != null) {
            values.put("Mail waits", List.of(policy.unusable()));
        }
        policy.facts().forEach(fact -> values.put(fact.name(), fact.values()));
        return values;
    }

    /** A long list is shown by what the other one lacks. */
    private static List<String> less(List<String> values, List<String> others) {
        if (others.isEmpty() || values.size() <= 4) {
            return values;
        }
        List<String> own = values.stream().filter(value -> !others.contains(value)).toList();
        return own.isEmpty()
                ? List.of(values.size() + " in all")
                : List.of(values.size() + " in all, among them " + String.join(", ", own));
    }
}
