package org.sealpost.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
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

    private final QueuedMessages queue;
    private final QueueActions actions;
    private final Returns returns;

    StoredQueueOrders(QueuedMessages queue, QueueActions actions, Returns returns) {
        this.queue = queue;
        this.actions = actions;
        this.returns = returns;
    }

    @Override
    public void perform(QueueOrder order, String id) {
        perform(order, QueueId.parse(id).orElseThrow(() -> new NotFound("queued message", id)));
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
        int matched = 0;
        int done = 0;
        @Nullable QueueId last = null;
        while (true) {
            List<QueuedMessage> page = queue.page(filter, last, AT_ONCE);
            for (QueuedMessage message : page) {
                if (matched == MOST) {
                    return new Outcome(matched, done, matched - done, true);
                }
                last = new QueueId(message.id());
                matched++;
                done += isDone(order, last) ? 1 : 0;
            }
            if (page.size() < AT_ONCE) {
                return new Outcome(matched, done, matched - done, false);
            }
        }
    }

    private boolean isDone(QueueOrder order, QueueId id) {
        try {
            perform(order, id);
            return true;
        } catch (NotFound | Conflict notNow) {
            return false; // counted as refused, which is what the caller is told
        }
    }
}
