package org.sealpost.selftest;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ServerLooks;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.selftest.BatchStart.By;
import org.sealpost.selftest.BatchStart.Plan;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.tls.TlsLevel;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Batches in the database; their tests wait in the runner's queue. */
@Service
class StoredBatches implements SelfTestBatches {

    private static final String OBJECT = "self-test-batch";

    private final BatchStart batches;
    private final BatchRows rows;
    private final Runner runner;
    private final Changes changes;
    private final ServerLooks servers;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final StartLimit limit;

    StoredBatches(
            BatchStart batches,
            BatchRows rows,
            Runner runner,
            Changes changes,
            ServerLooks servers,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.batches = batches;
        this.rows = rows;
        this.runner = runner;
        this.changes = changes;
        this.servers = servers;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
        this.limit = new StartLimit(clock);
    }

    /** What the audit keeps of a start. */
    private record Started(@Nullable String rules, int tests) {}

    @Override
    @PreAuthorize("hasAuthority('selftests:write')")
    public Batch start(NewBatch asked) {
        String caller = caller();
        limit.count(caller);
        if (rows.lastOf(caller).filter(runner::isOpenBatch).isPresent()) {
            throw new Conflict(
                    "Your batch before is not over yet.", "Wait until it is over, or cancel it.");
        }
        Plan plan = plan(asked);
        long id =
                batches.start(
                        plan,
                        new By("manual", caller, servers.mayGoAnywhere()),
                        made ->
                                events.publishEvent(
                                        ConfigurationChanged.created(
                                                OBJECT,
                                                made,
                                                new Started(plan.rules(), plan.tests().size()))));
        return find(id).orElseThrow(() -> new NotFound(OBJECT, id));
    }

    private Plan plan(NewBatch asked) {
        String rules = asked.rules();
        List<String> names = asked.destinations();
        boolean listed = names != null && !names.isEmpty();
        boolean ruled = rules != null && !rules.isBlank();
        if (listed == ruled) {
            throw new InvalidInput(
                    "destinations",
                    listed ? "Both rules and a list were given." : "Nothing to test was named.",
                    "Name rules (all, or a level), or a list of destinations.");
        }
        if (names != null && names.size() > MOST) {
            throw tooMany("destinations");
        }
        Plan plan =
                rules != null && ruled
                        ? ofRules(rules.strip())
                        : batches.ofList(names == null ? List.of() : names);
        if (plan.tests().size() > MOST) {
            throw tooMany("rules");
        }
        if (plan.tests().isEmpty()) {
            throw new InvalidInput(
                    ruled ? "rules" : "destinations",
                    plan.leftOut().isEmpty()
                            ? "There is nothing to test."
                            : "None of these can be tested. %s: %s"
                                    .formatted(
                                            plan.leftOut().getFirst().name(),
                                            plan.leftOut().getFirst().reason()),
                    ruled
                            ? "Make a rule, or choose a lower level."
                            : "Write domains, mail addresses, or next hops like"
                                    + " [mail.example.com]:25, one in a line.");
        }
        return plan;
    }

    private Plan ofRules(String rules) {
        TlsLevel lowest =
                BatchStart.lowest(rules)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "rules",
                                        "“" + rules + "” is no level.",
                                        "Write all, or one of none, may, encrypt, fingerprint,"
                                                + " verify and secure."));
        return batches.ofRules(
                rules.equalsIgnoreCase(BatchStart.ALL) ? BatchStart.ALL : lowest.word(), lowest);
    }

    private static InvalidInput tooMany(String field) {
        return new InvalidInput(
                field,
                "These are more than " + MOST + " tests.",
                "Test them in parts, e.g. by a list.");
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public Optional<Batch> find(long id) {
        return rows.find(id);
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:write')")
    public Batch cancel(long id) {
        Batch batch = rows.find(id).orElseThrow(() -> new NotFound(OBJECT, id));
        if (!batch.isOver()) {
            runner.cancelBatch(id);
            transaction.executeWithoutResult(status ->
                    events.publishEvent(
                            ConfigurationChanged.changed(
                                    OBJECT, id, batch.state(), SelfTestState.CANCELLED.word())));
        }
        return rows.find(id).orElseThrow(() -> new NotFound(OBJECT, id));
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public List<Batch> page(@Nullable Long seen, int size) {
        return rows.page(seen, size);
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public long count() {
        return rows.count();
    }

    @Override
    @PreAuthorize("hasAuthority('selftests:read')")
    public Following follow(long id, Runnable changed) {
        return changes.follow(null, id, changed);
    }

    private static String caller() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null ? "system" : caller.getName();
    }
}
