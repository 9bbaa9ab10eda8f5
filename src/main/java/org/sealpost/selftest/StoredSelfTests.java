package org.sealpost.selftest;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.NotFound;
import org.sealpost.selftest.Order.Subject;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Self-tests in the database; those that run also in memory. */
@Service
class StoredSelfTests implements SelfTests {

    private static final String OBJECT = "self-test";
    private static final String MANUAL = "manual";
    private static final int MOST_WAITING = 200;

    private final SelfTestRows rows;
    private final Orders orders;
    private final Runner runner;
    private final Changes changes;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final StartLimit limit;

    StoredSelfTests(
            SelfTestRows rows,
            Orders orders,
            Runner runner,
            Changes changes,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.rows = rows;
        this.orders = orders;
        this.runner = runner;
        this.changes = changes;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.limit = new StartLimit(clock);
    }

    /** What the audit keeps of a start. */
    private record Started(
            String kind, String name, @Nullable String nextHop, @Nullable String messageTo) {
        static Started of(Order order) {
            Subject subject = order.subject();
            return new Started(
                    subject.kind(),
                    subject.name(),
                    subject.nextHop(),
                    order instanceof Order.OfListener(var _, var mailbox) ? mailbox : null);
        }
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:write')")
    public SelfTest start(NewSelfTest asked) {
        String caller = caller();
        limit.count(caller);
        Order order = orders.check(asked);
        if (runner.waiting() >= MOST_WAITING) {
            throw new Conflict(
                    MOST_WAITING + " self-tests wait already.", "Try again when some are over.");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Long id =
                transaction.execute(status -> {
                    long made = rows.insert(order.subject(), MANUAL, caller, now);
                    events.publishEvent(
                            ConfigurationChanged.created(OBJECT, made, Started.of(order)));
                    return made;
                });
        if (id == null) {
            throw new IllegalStateException("the database gave no id");
        }
        runner.enqueue(id, order, null);
        return SelfTestRows.of(
                id,
                SelfTestState.QUEUED.word(),
                MANUAL,
                order.subject(),
                caller,
                now,
                null,
                null,
                Report.NOTHING);
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public Optional<SelfTest> find(long id) {
        // Asked first: a test that ends meanwhile is then read as it ended.
        Optional<Report> sofar = runner.sofar(id);
        return rows.find(id)
                .map(stored ->
                        stored.isOver() ? stored : stored.with(sofar.orElse(Report.NOTHING)));
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:write')")
    public SelfTest cancel(long id) {
        SelfTest test = find(id).orElseThrow(() -> new NotFound(OBJECT, id));
        if (!test.isOver()) {
            runner.cancel(id);
            transaction.executeWithoutResult(status ->
                    events.publishEvent(
                            ConfigurationChanged.changed(
                                    OBJECT, id, test.state(), SelfTestState.CANCELLED.word())));
        }
        return find(id).orElseThrow(() -> new NotFound(OBJECT, id));
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public List<SelfTest> page(
            HistoryFilter filter, boolean newestFirst, @Nullable Long seen, int size) {
        return rows.page(filter, newestFirst, seen, size);
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public long count(HistoryFilter filter) {
        return rows.count(filter);
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public List<PastTest> history(long id, int size) {
        if (rows.find(id).isEmpty()) {
            throw new NotFound(OBJECT, id);
        }
        return rows.history(id, size).stream().map(PastTest::of).toList();
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public Following follow(long id, Runnable changed) {
        return changes.follow(id, null, changed);
    }

    private static String caller() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null ? "system" : caller.getName();
    }
}
