package org.sealpost.api;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.QueueOrder;
import org.sealpost.delivery.QueueOrders;
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

    private final QueueOrders orders;

    QueueOrdersApi(QueueOrders orders) {
        this.orders = orders;
    }

    /**
     * An order about all messages that match.
     *
     * @param action retry, hold, release, bounce or delete
     * @param filter which; an empty object for all there are
     */
    record ManyOrder(@Nullable String action, @Nullable ManyFilter filter) {}

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

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable String id) {
        return perform(QueueOrder.DELETE, id);
    }

    @PostMapping("/actions")
    Outcome many(@RequestBody ManyOrder order) {
        QueueOrder action =
                Optional.ofNullable(order.action())
                        .flatMap(QueueOrder::parse)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "action",
                                        "“" + order.action() + "” is not an action.",
                                        "Use one of "
                                                + Arrays.stream(QueueOrder.values())
                                                        .map(QueueOrder::word)
                                                        .toList()
                                                + "."));
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
        return orders.perform(action, new QueueFilter(filter.q(), state, filter.nextHop()));
    }

    private ResponseEntity<Void> perform(QueueOrder order, String id) {
        orders.perform(order, id);
        return ResponseEntity.noContent().build();
    }
}
