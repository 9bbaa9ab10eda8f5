package org.sealpost.api;

import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueueOrder;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The queue over REST. */
@RestController
@RequestMapping("/api/v1/queue")
class QueueApi {

    private final QueuedMessages queue;

    QueueApi(QueuedMessages queue) {
        this.queue = queue;
    }

    @GetMapping
    Page<QueuedMessage> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String nextHop,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Page.size(size);
        String key = Page.key(cursor);
        Sort wanted = Sort.of(sort, QueueOrder.FIELDS.getFirst(), QueueOrder.FIELDS);
        var order = new QueueOrder(wanted.field(), wanted.descending());
        QueueOrder.Place after =
                key == null
                        ? null
                        : order.place(key)
                                .orElseThrow(() ->
                                        new BadRequest("cursor", "The cursor is not one of ours."));
        if (state != null && !state.isBlank() && !QueueFilter.STATES.contains(state)) {
            throw new BadRequest("state", "The state is none of " + QueueFilter.STATES + ".");
        }
        var filter = new QueueFilter(q, state, nextHop);
        return Page.of(
                queue.page(filter, order, after, most + 1),
                most,
                order::keyOf,
                queue.count(filter));
    }

    @GetMapping("/{id}")
    QueuedMessage get(@PathVariable String id) {
        return QueueId.parse(id)
                .flatMap(queue::find)
                .orElseThrow(() -> new NotFound("queued message", id));
    }
}
