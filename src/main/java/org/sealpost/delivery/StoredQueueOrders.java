package org.sealpost.delivery;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueueActions;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;

/** Gives each order to whoever carries it out. */
@Service
@PreAuthorize("hasAuthority('queue:write')")
class StoredQueueOrders implements QueueOrders {

    private static final int AT_ONCE = 500;
    private static final int MOST_REASONS = 5;

    private final QueuedMessages queue;
    private final QueueActions actions;
    private final Returns returns;
    private final Reroutes reroutes;

    StoredQueueOrders(
            QueuedMessages queue, QueueActions actions, Returns returns, Reroutes reroutes) {
        this.queue = queue;
        this.actions = actions;
        this.returns = returns;
        this.reroutes = reroutes;
    }

    @Override
    public void perform(QueueOrder order, String id) {
        perform(order, read(id));
    }

    private static QueueId read(String id) {
        return QueueId.parse(id).orElseThrow(() -> new NotFound("queued message", id));
    }

    private void perform(QueueOrder order, QueueId id) {
        switch (order) {
            case RETRY -> actions.retry(id);
            case HOLD -> actions.hold(id);
            case RELEASE -> actions.release(id);
            case BOUNCE -> returns.toSender(id);
            case DELETE -> actions.delete(id);
        }
    }

    @Override
    public Outcome perform(QueueOrder order, QueueFilter filter) {
        return toAll(filter, message -> perform(order, new QueueId(message.id())));
    }

    @Override
    public void reroute(NewRoute order, String id) {
        Optional<NextHop> to = reroutes.read(order);
        QueuedMessage message =
                queue.find(read(id)).orElseThrow(() -> new NotFound("queued message", id));
        reroutes.send(message, to, order, null);
    }

    @Override
    public Outcome reroute(NewRoute order, QueueFilter filter) {
        Optional<NextHop> to = reroutes.read(order);
        return toAll(
                filter,
                message -> reroutes.send(message, to, order, onlyThoseFor(filter, message)));
    }

    /**
     * A message may have recipients at other next hops, too, and they stay there. One whose last
     * attempt went to this next hop alone goes as a whole, also when the routes have changed since.
     */
    private static @Nullable String onlyThoseFor(QueueFilter filter, QueuedMessage message) {
        String wanted = filter.nextHop();
        boolean alone =
                wanted != null
                        && message.attempts().stream()
                                .filter(line -> line.at().equals(message.attempts().getLast().at()))
                                .allMatch(line ->
                                        line.nextHop() != null
                                                && wanted.equals(
                                                        line.nextHop().toLowerCase(Locale.ROOT)));
        return alone ? null : wanted;
    }

    private Outcome toAll(QueueFilter filter, Consumer<QueuedMessage> order) {
        int matched = 0;
        int done = 0;
        var reasons = new LinkedHashSet<String>();
        @Nullable QueueId last = null;
        while (true) {
            List<QueuedMessage> page = queue.page(filter, last, AT_ONCE);
            for (QueuedMessage message : page) {
                if (matched == MOST) {
                    return outcome(matched, done, true, reasons);
                }
                last = new QueueId(message.id());
                matched++;
                try {
                    order.accept(message);
                    done++;
                } catch (NotFound | Conflict | InvalidInput notNow) {
                    // Counted as refused, which is what the caller is told, with some reasons.
                    if (reasons.size() < MOST_REASONS) {
                        reasons.add(notNow.getMessage());
                    }
                }
            }
            if (page.size() < AT_ONCE) {
                return outcome(matched, done, false, reasons);
            }
        }
    }

    private static Outcome outcome(
            int matched, int done, boolean more, Collection<String> reasons) {
        return new Outcome(matched, done, matched - done, more, List.copyOf(reasons));
    }
}
