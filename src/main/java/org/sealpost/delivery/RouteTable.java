package org.sealpost.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;

/**
 * The routes by the recipient's domain: exact, then the longest parent, then {@code *}, then MX.
 * Among routes for one pattern the sender's address wins, then the sender's domain, then the route
 * of all senders.
 */
final class RouteTable {

    /** A next hop with how its servers are spoken to. */
    record Routed(NextHop nextHop, Way way) {}

    /** By pattern, then by sender. */
    private final Map<String, Map<String, Routed>> routes = new HashMap<>();

    void add(String pattern, String sender, Routed route) {
        routes.computeIfAbsent(pattern, _ -> new HashMap<>()).put(sender, route);
    }

    /**
     * The route of this mail.
     *
     * @param senders the forms under which the sender's route is looked for, in this order
     */
    Routed find(List<String> senders, MailAddress recipient) {
        DomainName domain = recipient.domainName();
        if (domain == null) {
            return at("*", senders)
                    .orElseGet(() -> byMx(NextHop.parse(recipient.domain()).orElseThrow()));
        }
        Optional<Routed> found = at(domain.text(), senders);
        if (found.isEmpty()) {
            for (String parent : domain.parents()) {
                found = at(parent, senders);
                if (found.isPresent()) {
                    break;
                }
            }
        }
        return found.or(() -> at("*", senders)).orElseGet(() -> byMx(NextHop.of(domain)));
    }

    private Optional<Routed> at(String pattern, List<String> senders) {
        Map<String, Routed> bySender = routes.get(pattern);
        if (bySender != null) {
            for (String sender : senders) {
                Routed route = bySender.get(sender);
                if (route != null) {
                    return Optional.of(route);
                }
            }
        }
        return Optional.empty();
    }

    private static Routed byMx(NextHop hop) {
        return new Routed(hop, Way.smtp(null));
    }

    /**
     * A next hop that somebody chose: by the route that would have led there, or by the one route
     * that does. With several that differ nobody signs in.
     */
    Routed to(NextHop given, Routed routed) {
        if (routed.nextHop().equals(given)) {
            return routed;
        }
        List<Routed> there = leadingTo(given);
        if (there.size() == 1) {
            return there.getFirst();
        }
        boolean lmtp =
                there.stream().anyMatch(route -> route.way().protocol() == Way.Protocol.LMTP);
        return new Routed(
                given, new Way(lmtp ? Way.Protocol.LMTP : Way.Protocol.SMTP, null, List.of()));
    }

    /** The routes with this next hop. */
    List<Routed> leadingTo(NextHop nextHop) {
        return routes.values().stream()
                .flatMap(bySender -> bySender.values().stream())
                .filter(route -> route.nextHop().equals(nextHop))
                .distinct()
                .toList();
    }
}
