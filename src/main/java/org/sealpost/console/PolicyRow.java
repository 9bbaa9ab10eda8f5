package org.sealpost.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.TlsPolicy;

/**
 * A rule in the list.
 *
 * @param reach what its next hop stands for, in words
 * @param details its attributes, shortest form
 */
public record PolicyRow(
        long id,
        String nextHop,
        String reach,
        String level,
        List<String> details,
        boolean disabled,
        String note,
        long version) {

    static PolicyRow of(TlsPolicy policy) {
        return new PolicyRow(
                policy.id(),
                policy.nextHop(),
                KeyPreview.reach(policy.nextHop()),
                policy.level().word(),
                details(policy.attributes()),
                policy.mode().equals("disabled"),
                policy.note(),
                policy.version());
    }

    private static List<String> details(PolicyAttributes attributes) {
        var details = new ArrayList<String>();
        addList(details, "match", attributes.match());
        add(details, "protocols", attributes.protocols());
        add(details, "ciphers", attributes.ciphers());
        add(details, "exclude", attributes.exclude());
        addList(details, "tafile", attributes.tafile());
        add(details, "servername", attributes.servername());
        add(details, "connect", attributes.connect());
        return details;
    }

    private static void add(List<String> details, String name, @Nullable String value) {
        if (value != null) {
            details.add(name + (value.isEmpty() ? " (empty)" : " " + value));
        }
    }

    private static void addList(List<String> details, String name, @Nullable List<String> values) {
        if (values != null && !values.isEmpty()) {
            String first = values.getFirst();
            String shown = first.length() > 32 ? first.substring(0, 30) + "…" : first;
            details.add(name + " " + shown + (values.size() > 1 ? " +" + (values.size() - 1) : ""));
        }
    }
}
