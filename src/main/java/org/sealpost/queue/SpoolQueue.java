package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** The queue of one node: files in the spool are the mail, rows are the index over them. */
final class SpoolQueue implements MailQueue, QueuedMessages {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolQueue.class);

    /** So many groups are looked at in one claim; then others get their turn on the database. */
    private static final int MOST_GROUPS = 50;

    private final Spool spool;
    private final QueueIndex index;
    private final Settings settings;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final RandomGenerator random;
    private final long reservedBytes;
    private final QueueIds ids;
    private final Removals removals;

    /** H2 locks all due rows for one claim, so claims take turns here. */
    private final ReentrantLock claiming = new ReentrantLock();

    private final List<Runnable> wakeUps = new CopyOnWriteArrayList<>();

    /**
     * @param reservedBytes space on the spool's disk that accepting never touches
     */
    SpoolQueue(
            Spool spool,
            QueueIndex index,
            Settings settings,
            ApplicationEventPublisher events,
            Clock clock,
            RandomGenerator random,
            long reservedBytes) {
        this.spool = spool;
        this.index = index;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
        this.random = random;
        this.reservedBytes = reservedBytes;
        this.ids = new QueueIds(clock);
        this.removals = new Removals(spool);
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
                    "less than the reserved space is left on the spool's disk, or it cannot be read");
        }
        Instant now = clock.instant();
        RetrySettings retry = settings.get(RetrySettings.SECTION);
        var stored = StoredEnvelope.of(id.text(), envelope, now, now.plus(retry.lifetime()));
        var header = new HeaderReader(body);
        long size;
        try {
            size = spool.store(id, stored, header);
        } catch (IOException e) {
            if (isDiskFull(e)) {
                throw new QueueFull("the spool's disk is full");
            }
            throw e;
        }
        try {
            index.insert(stored, size, Set.of());
        } catch (RuntimeException e) {
            spool.remove(id); // the client is told that it failed, and sends it again
            throw e;
        }
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
        // 0 when it cannot be read, and then mail is refused.
        return spool.folder().toFile().getUsableSpace() - size >= reservedBytes;
    }

    @Override
    public List<ClaimedMessage> claim(int most, Instant now, Admission admission) {
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
            if (spool.read(id).held()) {
                index.holdAnyway(id);
            }
        } catch (IOException e) {
            LOG.error("message {} cannot be read now; it is tried again later", id, e);
        }
        wake();
    }

    @Override
    public void remove(QueueId id) throws IOException {
        spool.remove(id);
        spool.forceRemoval(id);
        index.remove(id);
    }

    private Optional<ClaimedMessage> claimed(Due due, boolean heldToo) {
        QueueId id = due.id();
        try {
            SpoolFile.Content content = spool.verify(id);
            // The file was forced, the rows may have been lost with the last moments before a kill.
            index.settle(id, content.settled());
            Map<Integer, @Nullable String> routes = content.routes();
            if (!routes.isEmpty()) {
                index.reroute(id, routes);
            }
            if (content.held() && !heldToo) {
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
                            content.envelope().envelope(positions),
                            content.bodyLength(),
                            content.envelope().receivedAt(),
                            content.envelope().expiresAt(),
                            due.attempts(),
                            content.delayTold(),
                            routes(content, positions)));
        } catch (SpoolFile.Damaged damaged) {
            setAside(id, String.valueOf(damaged.getMessage()));
        } catch (NoSuchFileException gone) {
            dropRow(id);
        } catch (IOException | RuntimeException e) {
            LOG.error("message {} cannot be read now; it is tried again later", id, e);
            index.defer(id, retryAt(due.attempts() + 1), List.of(), Map.of());
        }
        return Optional.empty();
    }

    private static Map<MailAddress, NextHop> routes(
            SpoolFile.Content content, List<Integer> positions) {
        Map<Integer, @Nullable String> given = content.routes();
        var routes = new HashMap<MailAddress, NextHop>();
        for (int position : positions) {
            String hop = given.get(position);
            if (hop != null) {
                MailAddress address =
                        content.envelope()
                                .envelope(List.of(position))
                                .recipients()
                                .getFirst()
                                .address();
                routes.put(address, NextHop.parse(hop).orElseThrow());
            }
        }
        return routes;
    }

    private void setAside(QueueId id, String reason) {
        try {
            spool.setAside(id, reason);
            index.remove(id);
        } catch (IOException e) {
            LOG.error("the damaged message {} could not be moved aside; it stays", id, e);
        }
    }

    @Override
    public void delayTold(QueueId id) throws IOException {
        spool.append(id, SpoolRecord.ofDelayTold(clock.instant()));
    }

    @Override
    public InputStream body(QueueId id) throws IOException {
        return spool.body(id);
    }

    @Override
    public void settle(QueueId id, AttemptResult result) {
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
            spool.append(
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
            LOG.error("the result of message {} could not be written into its spool file", id, e);
        }
    }

    private void complete(QueueId id) {
        try {
            spool.remove(id);
        } catch (IOException e) {
            LOG.error("the spool file of delivered message {} cannot be removed", id, e);
            return;
        }
        index.remove(id);
        removals.force(id);
        publish(id.text(), new MessageRemoved(id.text()));
    }

    private Instant retryAt(int attempts) {
        RetrySettings retry = settings.get(RetrySettings.SECTION);
        return clock.instant().plus(retry.waitAfter(attempts, random.nextDouble()));
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

    /**
     * Makes the rows agree with the files: the files are the mail.
     *
     * @throws IOException when the spool cannot be read; Sealpost must not start then
     */
    void reconcile() throws IOException {
        spool.open();
        Set<String> rows = index.ids();
        Set<String> files = new HashSet<>();
        spool.visit(id -> {
            files.add(id.text());
            ids.neverBefore(id);
            if (!rows.contains(id.text())) {
                insertFromFile(id);
            }
        });
        for (String id : rows) {
            if (!files.contains(id)) {
                dropRow(new QueueId(id));
            }
        }
        int returned = index.returnClaimed(clock.instant());
        if (returned > 0) {
            LOG.info(
                    "{} messages were being delivered when Sealpost ended; they are due now",
                    returned);
        }
    }

    private void insertFromFile(QueueId id) {
        try {
            SpoolFile.Content content = spool.read(id);
            Set<Integer> settled =
                    content.settled().stream().map(Settled::position).collect(Collectors.toSet());
            boolean allSettled =
                    IntStream.range(0, content.envelope().recipients().size())
                            .allMatch(settled::contains);
            if (allSettled) {
                spool.remove(id);
                return;
            }
            index.insert(content.envelope(), content.bodyLength(), settled);
            index.reroute(id, content.routes());
            if (content.held()) {
                index.holdAnyway(id);
            }
            LOG.info("message {} from the spool is queued again", id);
        } catch (SpoolFile.Damaged damaged) {
            setAside(id, String.valueOf(damaged.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dropRow(QueueId id) {
        index.find(id)
                .ifPresent(message ->
                        LOG.warn(
                                "dropped the row of message {} from <{}> to {}: its spool file"
                                        + " is gone, so it was delivered or removed before the"
                                        + " database knew",
                                id,
                                message.sender(),
                                message.recipients().stream()
                                        .map(QueuedRecipient::address)
                                        .toList()));
        index.remove(id);
    }

    /** Waits until removed messages are gone from the disk, too. */
    void close() {
        removals.close();
    }

    private void publish(String id, Object event) {
        try {
            events.publishEvent(event);
        } catch (RuntimeException e) {
            LOG.error("an observer of message {} failed; the message is safe", id, e);
        }
    }

    private static boolean isDiskFull(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left") || message.contains("Disk quota exceeded");
    }
}
