package org.sealpost.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.policy.WeakPoints;

/**
 * A rule in the list.
 *
 * @param reach what its next hop stands for, in words
 * @param icon for the kind of next hop
 * @param details its attributes, shortest form
 * @param weak what makes it weak, a few words each
 */
public record PolicyRow(
        long id,
        String nextHop,
        String reach,
        String icon,
        String level,
        List<String> details,
        List<String> weak,
        boolean disabled,
        String note,
        long version) {

    static PolicyRow of(TlsPolicy policy) {
        return new PolicyRow(
                policy.id(),
                policy.nextHop(),
                KeyPreview.reach(policy.nextHop()),
                icon(policy.nextHop()),
                policy.level().word(),
                details(policy),
                WeakPoints.of(policy.level(), policy.attributes()),
                policy.mode().equals("disabled"),
                policy.note(),
                policy.version());
    }

    private static String icon(String nextHop) {
        return nextHop.startsWith(".")
                ? "diagram-3"
                : nextHop.startsWith("[") ? "hdd-network" : "globe2";
    }

    private static List<String> details(TlsPolicy policy) {
        PolicyAttributes attributes = policy.attributes();
        var details = new ArrayList<String>();
        addList(details, "match", attributes.match());
        add(details, "protocols", attributes.protocols());
        add(details, "ciphers", attributes.ciphers());
        add(details, "exclude", attributes.exclude());
        addList(details, "tafile", attributes.tafile());
        add(details, "servername", attributes.servername());
        add(details, "connect", attributes.connect());
        if (policy.clientCertificateId() != null) {
            details.add("client certificate " + policy.clientCertificateId());
        }
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
