package org.sealpost.smtp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.sealpost.tls.Protocols;

/** What a changed listener no longer protects. */
final class ListenerWeakening {

    private static final List<String> LEVELS = List.of("none", "may", "encrypt");
    private static final List<String> ASKED = List.of("none", "ask", "require");
    private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private ListenerWeakening() {}

    /** A sentence for each protection that falls; both have been checked. */
    static List<String> between(ListenerSettings before, ListenerSettings after) {
        var reasons = new ArrayList<String>();
        int level = strength(after) - strength(before);
        note(reasons, level < 0, "TLS falls from %s to %s.".formatted(tls(before), tls(after)));
        int oldest = oldest(after) - oldest(before);
        note(
                reasons,
                oldest < 0,
                "The oldest TLS version falls from %s to %s."
                        .formatted(VERSIONS.get(oldest(before)), VERSIONS.get(oldest(after))));
        note(
                reasons,
                more(ServerSuites.of(before), ServerSuites.of(after)),
                "More cipher suites are offered than before.");
        note(
                reasons,
                before.authRequired() && !after.authRequired(),
                "Clients need not sign in any more.");
        note(
                reasons,
                ASKED.indexOf(after.clientCertificate()) < ASKED.indexOf(before.clientCertificate())
                        && before.clientCertificate().equals("require"),
                "Clients need no trusted certificate any more.");
        note(
                reasons,
                more(before.clientCertificateRelay(), after.clientCertificateRelay()),
                "Another client certificate may relay.");
        note(
                reasons,
                more(before.proxyPeers(), after.proxyPeers()),
                "Another peer is believed which address its clients have.");
        return reasons;
    }

    private static void note(List<String> reasons, boolean weaker, String reason) {
        if (weaker) {
            reasons.add(reason);
        }
    }

    private static int strength(ListenerSettings listener) {
        return listener.requiresTls() ? 2 : LEVELS.indexOf(listener.level());
    }

    private static String tls(ListenerSettings listener) {
        return listener.implicitTls() ? "implicit TLS" : listener.level();
    }

    private static int oldest(ListenerSettings listener) {
        return VERSIONS.indexOf(
                Protocols.parse("protocols", listener.protocols()).versions().getLast());
    }

    private static <T> boolean more(List<T> before, List<T> after) {
        return !new HashSet<>(before).containsAll(after);
    }
}
