package org.sealpost.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;

/** The routes by pattern: exact domain, then the longest parent, then {@code *}, then MX. */
final class RouteTable {

    /** A next hop with what to sign in with there, or null. */
    record Routed(NextHop nextHop, @Nullable Credentials credentials) {}

    /** A user name and password; the password never reaches a log. */
    record Credentials(String username, String password) {
        @Override
        public String toString() {
            return "Credentials[" + username + "]";
        }
    }

    private final Map<String, Routed> routes;

    RouteTable(Map<String, Routed> routes) {
        this.routes = new HashMap<>(routes);
    }

    Routed find(MailAddress recipient) {
        DomainName domain = recipient.domainName();
        if (domain == null) {
            return orDefault(NextHop.parse(recipient.domain()).orElseThrow());
        }
        Routed exact = routes.get(domain.text());
        if (exact != null) {
            return exact;
        }
        List<String> parents = domain.parents();
        for (String parent : parents) {
            Routed below = routes.get(parent);
            if (below != null) {
                return below;
            }
        }
        return orDefault(NextHop.of(domain));
    }

    /**
     * A next hop that somebody chose: by the route that would have led there, or by the one route
     * that does. With several, whose credentials differ, nobody signs in.
     */
    Routed to(NextHop given, Routed routed) {
        if (routed.nextHop().equals(given)) {
            return routed;
        }
        List<Routed> there =
                routes.values().stream()
                        .filter(route -> route.nextHop().equals(given))
                        .distinct()
                        .toList();
        return there.size() == 1 ? there.getFirst() : new Routed(given, null);
    }

    boolean names(NextHop nextHop) {
        return routes.values().stream().anyMatch(route -> route.nextHop().equals(nextHop));
    }

    private Routed orDefault(NextHop byMx) {
        Routed everything = routes.get("*");
        return everything == null ? new Routed(byMx, null) : everything;
    }
}
