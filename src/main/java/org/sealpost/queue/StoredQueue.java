package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.AttemptResult.Outcome;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.QueueIndex.Due;
import org.sealpost.queue.QueueIndex.Waiting;
import org.sealpost.queue.SpoolRecord.Settled;
import org.sealpost.queue.events.MessageQueued;
import org.sealpost.queue.events.MessageRemoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** The queue over a store with the mail and the rows that say when it is due. */
final class StoredQueue implements MailQueue, QueuedMessages {

    private static final Logger LOG = LoggerFactory.getLogger(StoredQueue.class);

    /** So many groups are looked at in one claim; then others get their turn on the database. */
    private static final int MOST_GROUPS = 50;

    private final MessageStore store;
    private final QueueIndex index;
    private final Supplier<RetrySettings> retry;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final RandomGenerator random;
    private final QueueIds ids;
    private final Unfinished unfinished = new Unfinished();

    /** H2 locks all due rows for one claim, so claims take turns here. */
    private final ReentrantLock claiming = new ReentrantLock();

    private final List<Runnable> wakeUps = new CopyOnWriteArrayList<>();

    StoredQueue(
            MessageStore store,
            QueueIndex index,
            Supplier<RetrySettings> retry,
            ApplicationEventPublisher events,
            Clock clock,
            RandomGenerator random) {
        this.store = store;
        this.index = index;
        this.retry = retry;
        this.events = events;
        this.clock = clock;
        this.random = random;
        this.ids = new QueueIds(clock);
    }

    @Override
    public QueueId newId() {
        return ids.next();
    }

    @Override
    public void accept(QueueId id, Envelope envelope, InputStream body)
            throws IOException, QueueFull {
        if (!hasRoomFor(0)) {
            throw new QueueFull(
                    "less than the reserved space is left on the disk, or it cannot be read");
        }
        Instant now = clock.instant();
        var stored = StoredEnvelope.of(id.text(), envelope, now, now.plus(retry.get().lifetime()));
        var header = new HeaderReader(body);
        long size = store.accept(stored, header);
        publish(
                id.text(),
                new MessageQueued(
                        now,
                        id.text(),
                        stored.sender() == null ? "" : stored.sender(),
                        stored.recipients().stream()
                                .map(StoredEnvelope.StoredRecipient::address)
                                .toList(),
                        size,
                        stored.session(),
                        header.messageId()));
        wake();
    }

    @Override
    public boolean hasRoomFor(long size) {
        return store.hasRoomFor(size);
    }

    @Override
    public List<ClaimedMessage> claim(int most, Instant now, Admission admission) {
        unfinished.resume();
        List<Due> due = List.of();
        claiming.lock();
        try {
            boolean more = true;
            // Whole groups that are not admitted must not hide what waits behind them.
            for (int i = 0; due.isEmpty() && more && i < MOST_GROUPS; i++) {
                QueueIndex.Claim claim = index.claim(most, now, admission);
                due = claim.taken();
                more = claim.more();
            }
        } finally {
            claiming.unlock();
        }
        var claimed = new ArrayList<ClaimedMessage>();
        for (Due message : due) {
            claimed(message, false).ifPresent(claimed::add);
        }
        return claimed;
    }

    @Override
    public ClaimedMessage claim(QueueId id) {
        if (index.find(id).isEmpty()) {
            throw new NotFound("queued message", id);
        }
        var free =
                new Conflict(
                        "The message " + id + " is being delivered now.",
                        "Look again in a moment: it is gone, or it waits.");
        if (!index.take(id)) {
            throw free;
        }
        return claimed(new Due(id, index.attempts(id)), true).orElseThrow(() -> free);
    }

    @Override
    public void giveBack(QueueId id) {
        index.defer(id, retryAt(index.attempts(id) + 1), List.of(), Map.of());
        try {
            if (store.read(id).held()) {
                index.holdAnyway(id);
            }
        } catch (IOException e) {
            LOG.error("message {} cannot be read now; it is tried again later", id, e);
        }
        wake();
    }

    @Override
    public void remove(QueueId id) throws IOException {
        store.remove(id);
    }

    private Optional<ClaimedMessage> claimed(Due due, boolean heldToo) {
        QueueId id = due.id();
        try {
            Optional<StoredMessage> message = store.readWhole(id);
            return message.isEmpty() ? Optional.empty() : claimed(due, message.get(), heldToo);
        } catch (IOException | RuntimeException e) {
            LOG.error("message {} cannot be read now; it is tried again later", id, e);
            Instant later = retryAt(due.attempts() + 1);
            unfinished.attempt(id, () -> index.defer(id, later, List.of(), Map.of()));
            return Optional.empty();
        }
    }

    private Optional<ClaimedMessage> claimed(Due due, StoredMessage message, boolean heldToo) {
        QueueId id = due.id();
        // What the store knows is safe; rows may have been lost with the last moments before a
        // kill.
        index.settle(id, message.settled());
        Map<Integer, @Nullable String> routes = message.routes();
        if (!routes.isEmpty()) {
            index.reroute(id, routes);
        }
        if (message.held() && !heldToo) {
            index.holdAnyway(id); // somebody was faster than this claim
            return Optional.empty();
        }
        List<Integer> positions = index.waiting(id).stream().map(Waiting::position).toList();
        if (positions.isEmpty()) {
            complete(id);
            return Optional.empty();
        }
        return Optional.of(
                new ClaimedMessage(
                        id,
                        message.envelope().envelope(positions),
                        message.bodyLength(),
                        message.envelope().receivedAt(),
                        message.envelope().expiresAt(),
                        due.attempts(),
                        message.delayTold(),
                        routes(message, positions)));
    }

    private static Map<MailAddress, NextHop> routes(
            StoredMessage message, List<Integer> positions) {
        Map<Integer, @Nullable String> given = message.routes();
        var routes = new HashMap<MailAddress, NextHop>();
        for (int position : positions) {
            String hop = given.get(position);
            if (hop != null) {
                MailAddress address =
                        message.envelope()
                                .envelope(List.of(position))
                                .recipients()
                                .getFirst()
                                .address();
                routes.put(address, NextHop.parse(hop).orElseThrow());
            }
        }
        return routes;
    }

    @Override
    public void delayTold(QueueId id) throws IOException {
        store.append(id, SpoolRecord.ofDelayTold(clock.instant()));
    }

    @Override
    public InputStream body(QueueId id) throws IOException {
        return store.body(id);
    }

    @Override
    public void settle(QueueId id, AttemptResult result) {
        unfinished.attempt(id, () -> settleNow(id, result));
    }

    private void settleNow(QueueId id, AttemptResult result) {
        Map<String, Integer> positions =
                index.waiting(id).stream()
                        .collect(
                                Collectors.toMap(
                                        Waiting::address,
                                        Waiting::position,
                                        (first, second) -> first));
        List<RecipientResult> known =
                result.recipients().stream()
                        .filter(one -> positions.containsKey(one.recipient().toString()))
                        .toList();
        if (positions.isEmpty() || known.isEmpty()) {
            return; // it was removed meanwhile
        }
        List<RecipientResult> settled =
                known.stream().filter(one -> one.outcome() != Outcome.DEFERRED).toList();
        if (settled.size() == positions.size()) {
            complete(id);
            return;
        }
        if (!settled.isEmpty()) {
            appendSettled(id, result.at(), settled, positions);
        }
        index.recordAttempts(id, result);
        index.defer(id, retryAt(index.attempts(id) + 1), known, positions);
        wake();
    }

    private void appendSettled(
            QueueId id, Instant at, List<RecipientResult> settled, Map<String, Integer> positions) {
        try {
            store.append(
                    id,
                    new SpoolRecord(
                            at,
                            settled.stream()
                                    .map(one ->
                                            new Settled(
                                                    positions.getOrDefault(
                                                            one.recipient().toString(), -1),
                                                    one.outcome() == Outcome.DELIVERED
                                                            ? "delivered"
                                                            : "bounced",
                                                    one.reply()))
                                    .toList()));
        } catch (IOException e) {
            // The rows still know; only a loss of the database could make this a duplicate.
            LOG.error("the result of message {} could not be added to what is stored", id, e);
        }
    }

    private void complete(QueueId id) {
        try {
            store.complete(id);
        } catch (IOException e) {
            LOG.error("the delivered message {} cannot be removed", id, e);
            return;
        }
        publish(id.text(), new MessageRemoved(id.text()));
    }

    private Instant retryAt(int attempts) {
        return clock.instant().plus(retry.get().waitAfter(attempts, random.nextDouble()));
    }

    @Override
    public Optional<Instant> nextDue() {
        return index.nextDue();
    }

    @Override
    public void onDue(Runnable wakeUp) {
        wakeUps.add(wakeUp);
    }

    /** Tells whoever delivers that something is due. */
    void wake() {
        wakeUps.forEach(Runnable::run);
    }

    @Override
    public Optional<QueuedMessage> find(QueueId id) {
        return index.find(id);
    }

    @Override
    public List<QueuedMessage> page(QueueFilter filter, @Nullable QueueId after, int size) {
        return page(
                filter,
                QueueOrder.OLDEST_FIRST,
                after == null ? null : new QueueOrder.Place(null, after),
                size);
    }

    @Override
    public List<QueuedMessage> page(
            QueueFilter filter, QueueOrder order, QueueOrder.@Nullable Place after, int size) {
        return index.page(filter, order, after, size);
    }

    @Override
    public long count(QueueFilter filter) {
        return index.count(filter);
    }

    @Override
    public Map<String, Long> countByState() {
        return index.countByState();
    }

    @Override
    public List<HeldUp> heldUpByTls(int most) {
        return index.heldUpByTls(most);
    }

    /** Gets ready: mail and rows agree, and nothing counts as being delivered. */
    void open() {
        store.open(ids);
        int returned = index.returnClaimed(clock.instant());
        if (returned > 0) {
            LOG.info(
                    "{} messages were being delivered when Sealpost ended; they are due now",
                    returned);
        }
    }

    private void publish(String id, Object event) {
        try {
            events.publishEvent(event);
        } catch (RuntimeException e) {
            LOG.error("an observer of message {} failed; the message is safe", id, e);
        }
    }
}
