package org.sealpost.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueueIndex.Waiting;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.queue.QueuedMessages.QueuedRecipient;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes rows and stored mail together: the row decides whether a message is free to be changed,
 * the store makes the change durable, and the audit entry is written in the row's transaction.
 */
@Service
@PreAuthorize("hasAuthority('queue:write')")
class QueueChanges implements QueueActions {

    private static final String OBJECT = "message";

    private final QueueIndex index;
    private final MessageStore store;
    private final StoredQueue queue;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final TransactionTemplate transactions;

    QueueChanges(
            QueueIndex index,
            MessageStore store,
            StoredQueue queue,
            ApplicationEventPublisher events,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.index = index;
        this.store = store;
        this.queue = queue;
        this.events = events;
        this.clock = clock;
        this.transactions = new TransactionTemplate(transactions);
    }

    /** A message as the audit shows it. */
    record Audited(String state, String sender, List<String> recipients) {}

    /**
     * A message as the audit shows where it goes.
     *
     * @param nextHops for each recipient the next hop somebody gave it, or that the routes hold
     */
    record AuditedRoutes(String sender, Map<String, String> nextHops) {

        static AuditedRoutes of(QueuedMessage message, List<String> recipients) {
            var nextHops = new TreeMap<String, String>();
            for (QueuedRecipient recipient : message.recipients()) {
                if (recipients.contains(recipient.address())) {
                    String route = recipient.route();
                    nextHops.put(recipient.address(), route == null ? "by the routes" : route);
                }
            }
            return new AuditedRoutes(message.sender(), nextHops);
        }
    }

    @Override
    public void retry(QueueId id) {
        transactions.executeWithoutResult(status -> {
            QueuedMessage message = find(id);
            if (!index.makeDue(id, clock.instant())) {
                throw notNow(message, "tried");
            }
            changed(message, message.state(), "due now");
        });
        queue.wake();
    }

    @Override
    public void hold(QueueId id) {
        transactions.executeWithoutResult(status -> {
            QueuedMessage message = find(id);
            if (!index.hold(id)) {
                throw notNow(message, "held");
            }
            append(id, SpoolRecord.ofHold(clock.instant(), true));
            changed(message, message.state(), "held");
        });
    }

    @Override
    public void release(QueueId id) {
        transactions.executeWithoutResult(status -> {
            QueuedMessage message = find(id);
            if (!index.release(id, clock.instant())) {
                throw new Conflict(
                        "The message " + id + " is not held.", "Reload the page to see its state.");
            }
            append(id, SpoolRecord.ofHold(clock.instant(), false));
            changed(message, "held", "released");
        });
        queue.wake();
    }

    @Override
    public void reroute(QueueId id, Collection<String> recipients, @Nullable NextHop nextHop) {
        transactions.executeWithoutResult(status -> {
            QueuedMessage message = find(id);
            if (!index.makeDueUnlessHeld(id, clock.instant())) {
                throw notNow(message, "rerouted");
            }
            List<Waiting> waiting =
                    index.waiting(id).stream()
                            .filter(one -> recipients.contains(one.address()))
                            .toList();
            if (waiting.isEmpty()) {
                throw new Conflict(
                        "None of these recipients of the message " + id + " waits.",
                        "Reload the page to see who does.");
            }
            String hop = nextHop == null ? null : nextHop.text();
            var routes = new HashMap<Integer, @Nullable String>();
            waiting.forEach(one -> routes.put(one.position(), hop));
            index.reroute(id, routes);
            List<String> changed = waiting.stream().map(Waiting::address).toList();
            events.publishEvent(
                    ConfigurationChanged.changed(
                            OBJECT,
                            id,
                            AuditedRoutes.of(message, changed),
                            AuditedRoutes.of(find(id), changed)));
            // Last of all that can fail but the commit: should that fail, the file still wins.
            append(
                    id,
                    SpoolRecord.ofRoute(
                            clock.instant(),
                            new SpoolRecord.Rerouted(List.copyOf(routes.keySet()), hop)));
        });
        queue.wake();
    }

    @Override
    public void delete(QueueId id) {
        var committed = new AtomicBoolean();
        try {
            transactions.executeWithoutResult(status -> {
                onCommit(() -> committed.set(true));
                QueuedMessage message = find(id);
                if (!index.take(id)) {
                    throw notNow(message, "removed");
                }
                events.publishEvent(
                        ConfigurationChanged.removed(
                                OBJECT, id, audited(message, message.state())));
                index.remove(id);
            });
        } finally {
            // Last, and also when only the copy of the audit failed: a crash before this queues
            // the message again, which loses nothing.
            if (committed.get()) {
                removeMail(id);
            }
        }
    }

    private static void onCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCompletion(int status) {
                        if (status == STATUS_COMMITTED) {
                            work.run();
                        }
                    }
                });
    }

    private void removeMail(QueueId id) {
        try {
            store.remove(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void changed(QueuedMessage message, String before, String after) {
        events.publishEvent(
                ConfigurationChanged.changed(
                        OBJECT, message.id(), audited(message, before), audited(message, after)));
    }

    private QueuedMessage find(QueueId id) {
        return index.find(id).orElseThrow(() -> new NotFound("queued message", id));
    }

    private void append(QueueId id, SpoolRecord record) {
        try {
            store.append(id, record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Audited audited(QueuedMessage message, String state) {
        return new Audited(
                state,
                message.sender(),
                message.recipients().stream().map(QueuedRecipient::address).toList());
    }

    private static Conflict notNow(QueuedMessage message, String done) {
        return message.state().equals("held")
                ? new Conflict(
                        "The message " + message.id() + " is held.", "Release it to let it go on.")
                : new Conflict(
                        "The message "
                                + message.id()
                                + " is being delivered now and cannot be "
                                + done
                                + ".",
                        "Look again in a moment: it is gone, or it waits.");
    }
}
