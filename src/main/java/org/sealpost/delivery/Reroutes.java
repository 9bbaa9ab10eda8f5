package org.sealpost.delivery;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.QueueOrders.NewRoute;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.QueueId;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.queue.QueueActions;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.queue.QueuedMessages.QueuedRecipient;
import org.sealpost.tls.TlsLevel;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * Sends queued messages another way because somebody wants it so. What the new next hop's TLS rule
 * demands holds from then on; to weaken what held before has to be said, and takes the right to
 * change routes.
 */
@Component
class Reroutes {

    private static final String MAY_ROUTE = "routes:write";

    private final QueueActions actions;
    private final StoredRoutes routes;
    private final TlsPolicies policies;

    Reroutes(QueueActions actions, StoredRoutes routes, TlsPolicies policies) {
        this.actions = actions;
        this.routes = routes;
        this.policies = policies;
    }

    /**
     * Reads where an order leads; empty for back to the routes.
     *
     * @throws InvalidInput when it is no next hop
     * @throws NotAllowed when the caller may not name it
     */
    Optional<NextHop> read(NewRoute order) {
        String written = order.nextHop();
        if (written == null) {
            throw new InvalidInput(
                    "nextHop",
                    "The order does not say where to.",
                    "Give a next hop, or an empty text for what the routes say.");
        }
        if (order.weaker() && !mayRoute()) {
            throw new NotAllowed(
                    "To send mail under a weaker TLS rule takes the right to change routes.",
                    "Ask a policy editor or an administrator.");
        }
        if (written.isBlank()) {
            return Optional.empty();
        }
        NextHop hop =
                NextHop.parse(written)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "nextHop",
                                        "“" + written + "” is not a next hop.",
                                        "Write [mail.example.com]:587, or example.com for its MX"
                                                + " hosts."));
        if (!mayRoute() && !routes.names(hop)) {
            throw new NotAllowed(
                    "No route names the next hop " + hop + ".",
                    "Choose the next hop of a route, or ask a policy editor or an administrator.");
        }
        return Optional.of(hop);
    }

    /** Sends those of the message's recipients another way whom the order is about. */
    void send(QueuedMessage message, Optional<NextHop> to, NewRoute order, @Nullable String now) {
        MailAddress sender = MailAddress.parse(message.sender()).orElse(null);
        List<QueuedRecipient> chosen =
                message.recipients().stream()
                        .filter(one -> isWaiting(one) && isNamed(one, order))
                        .filter(one -> now == null || now.equals(hop(sender, one).text()))
                        .toList();
        if (chosen.isEmpty()) {
            throw new Conflict(
                    "None of these recipients of the message " + message.id() + " waits.",
                    "Reload the page to see who does, and where they go now.");
        }
        if (!order.weaker()) {
            chosen.forEach(one -> requireNotWeaker(sender, one, to));
        }
        actions.reroute(
                new QueueId(message.id()),
                chosen.stream().map(QueuedRecipient::address).toList(),
                to.orElse(null));
    }

    private void requireNotWeaker(
            @Nullable MailAddress sender, QueuedRecipient recipient, Optional<NextHop> to) {
        NextHop before = hop(sender, recipient);
        NextHop after =
                to.orElseGet(() -> routes.route(sender, address(recipient), null).nextHop());
        TlsLevel had = level(before);
        TlsLevel has = level(after);
        if (has.compareTo(had) < 0) {
            throw new InvalidInput(
                    "nextHop",
                    "TLS for %s is %s, which is weaker than %s for %s, where mail to %s goes now."
                            .formatted(after, has.word(), had.word(), before, recipient.address()),
                    "Give " + after + " a TLS rule as strong first, or say that it may be weaker.");
        }
    }

    private NextHop hop(@Nullable MailAddress sender, QueuedRecipient recipient) {
        String route = recipient.route();
        NextHop given = route == null ? null : NextHop.parse(route).orElse(null);
        return routes.route(sender, address(recipient), given).nextHop();
    }

    /** A rule that cannot be honoured keeps mail waiting, so it is no weaker than it says. */
    private TlsLevel level(NextHop hop) {
        return switch (policies.lookup(hop)) {
            case PolicyLookup.Found found -> found.requirement().level();
            case PolicyLookup.Unusable unusable -> unusable.level();
        };
    }

    private static boolean isWaiting(QueuedRecipient recipient) {
        return !recipient.state().equals("delivered") && !recipient.state().equals("bounced");
    }

    private static boolean isNamed(QueuedRecipient recipient, NewRoute order) {
        List<String> named = order.recipients();
        return named == null || named.contains(recipient.address());
    }

    private static MailAddress address(QueuedRecipient recipient) {
        return MailAddress.parse(recipient.address()).orElseThrow();
    }

    private static boolean mayRoute() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller != null
                && caller.getAuthorities().stream()
                        .anyMatch(one -> MAY_ROUTE.equals(one.getAuthority()));
    }
}
