package org.sealpost.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.QueueOrder;
import org.sealpost.delivery.QueueOrders;
import org.sealpost.delivery.QueueOrders.NewRoute;
import org.sealpost.delivery.QueueOrders.Outcome;
import org.sealpost.mail.InvalidInput;
import org.sealpost.queue.QueueFilter;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Orders about queued messages over REST. */
@RestController
@RequestMapping("/api/v1/queue")
class QueueOrdersApi {

    private static final String ROUTE = "route";

    private final QueueOrders orders;

    QueueOrdersApi(QueueOrders orders) {
        this.orders = orders;
    }

    /**
     * An order about all messages that match.
     *
     * @param action retry, hold, release, bounce, delete or route
     * @param filter which; an empty object for all there are
     * @param nextHop for route: where to, or an empty text for back to the routes
     * @param weaker for route: whether the TLS rule there may be weaker
     */
    record ManyOrder(
            @Nullable String action,
            @Nullable ManyFilter filter,
            @Nullable String nextHop,
            @Nullable Boolean weaker) {}

    /**
     * Another way for one message.
     *
     * @param nextHop where to, or an empty text for back to the routes
     * @param recipients only these; null for all that wait
     * @param weaker whether the TLS rule there may be weaker
     */
    record RouteOrder(
            @Nullable String nextHop,
            @Nullable List<String> recipients,
            @Nullable Boolean weaker) {}

    /** As {@code GET /queue} takes it. */
    record ManyFilter(@Nullable String q, @Nullable String state, @Nullable String nextHop) {}

    @PostMapping("/{id}/retry")
    ResponseEntity<Void> retry(@PathVariable String id) {
        return perform(QueueOrder.RETRY, id);
    }

    @PostMapping("/{id}/hold")
    ResponseEntity<Void> hold(@PathVariable String id) {
        return perform(QueueOrder.HOLD, id);
    }

    @PostMapping("/{id}/release")
    ResponseEntity<Void> release(@PathVariable String id) {
        return perform(QueueOrder.RELEASE, id);
    }

    @PostMapping("/{id}/bounce")
    ResponseEntity<Void> bounce(@PathVariable String id) {
        return perform(QueueOrder.BOUNCE, id);
    }

    @PostMapping("/{id}/route")
    ResponseEntity<Void> route(@PathVariable String id, @RequestBody RouteOrder order) {
        orders.reroute(
                new NewRoute(
                        order.nextHop(), order.recipients(), Boolean.TRUE.equals(order.weaker())),
                id);
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable String id) {
        return perform(QueueOrder.DELETE, id);
    }

    @PostMapping("/actions")
    Outcome many(@RequestBody ManyOrder order) {
        Optional<QueueOrder> action =
                Optional.ofNullable(order.action()).flatMap(QueueOrder::parse);
        boolean route = ROUTE.equals(order.action());
        if (action.isEmpty() && !route) {
            var words =
                    new ArrayList<>(Stream.of(QueueOrder.values()).map(QueueOrder::word).toList());
            words.add(ROUTE);
            throw new InvalidInput(
                    "action",
                    "“" + order.action() + "” is not an action.",
                    "Use one of " + words + ".");
        }
        if (!route && (order.nextHop() != null || order.weaker() != null)) {
            throw new InvalidInput(
                    "nextHop",
                    "A next hop belongs to the action route, not to " + order.action() + ".",
                    "Leave it out, or use the action route.");
        }
        ManyFilter filter = order.filter();
        if (filter == null) {
            // A forgotten filter must not reach the whole queue.
            throw new InvalidInput(
                    "filter", "The order does not say which messages.", "Give {} for all of them.");
        }
        String state = filter.state();
        if (state != null && !state.isBlank() && !QueueFilter.STATES.contains(state)) {
            throw new InvalidInput(
                    "filter.state",
                    "“" + state + "” is not a state.",
                    "Use one of " + QueueFilter.STATES + ".");
        }
        var known = new QueueFilter(filter.q(), state, filter.nextHop());
        return action.map(one -> orders.perform(one, known))
                .orElseGet(() ->
                        orders.reroute(
                                new NewRoute(
                                        order.nextHop(), null, Boolean.TRUE.equals(order.weaker())),
                                known));
    }

    private ResponseEntity<Void> perform(QueueOrder order, String id) {
        orders.perform(order, id);
        return ResponseEntity.noContent().build();
    }
}
