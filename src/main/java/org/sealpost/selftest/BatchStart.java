package org.sealpost.selftest;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.Refusal;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.selftest.Order.Subject;
import org.sealpost.selftest.SelfTestBatches.LeftOut;
import org.sealpost.tls.TlsLevel;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes the tests of a batch and lets them wait for their turn. */
@Component
class BatchStart {

    static final String ALL = "all";

    private final TlsPolicies policies;
    private final Orders orders;
    private final SelfTestRows tests;
    private final BatchRows batches;
    private final Runner runner;
    private final TransactionTemplate transaction;
    private final Clock clock;

    BatchStart(
            TlsPolicies policies,
            Orders orders,
            SelfTestRows tests,
            BatchRows batches,
            Runner runner,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.policies = policies;
        this.orders = orders;
        this.tests = tests;
        this.batches = batches;
        this.runner = runner;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * Who starts it.
     *
     * @param administrator whether it may connect everywhere
     */
    record By(String trigger, String name, boolean administrator) {}

    /**
     * What to test.
     *
     * @param rules which rules they are; null for a list
     */
    record Plan(@Nullable String rules, List<NewSelfTest> tests, List<LeftOut> leftOut) {}

    private record Stored(long id, Order order) {}

    /** Which rules are meant; empty for a word that is neither {@code all} nor a level. */
    static Optional<TlsLevel> lowest(String rules) {
        return rules.equalsIgnoreCase(ALL) ? Optional.of(TlsLevel.NONE) : TlsLevel.parse(rules);
    }

    /** A test for the next hop of each rule of a level and above. */
    Plan ofRules(String rules, TlsLevel lowest) {
        var found = new ArrayList<NewSelfTest>();
        var leftOut = new ArrayList<LeftOut>();
        policies.all().stream()
                .filter(rule -> rule.level().compareTo(lowest) >= 0)
                .sorted(Comparator.comparing(TlsPolicy::nextHop))
                .forEach(rule -> {
                    if (!rule.mode().equals("enforced")) {
                        leftOut.add(new LeftOut(rule.nextHop(), "The rule is switched off."));
                    } else if (NextHop.parse(rule.nextHop()).isEmpty()) {
                        leftOut.add(
                                new LeftOut(
                                        rule.nextHop(),
                                        "The rule is for many domains; name one of them to test"
                                                + " it."));
                    } else {
                        found.add(new NewSelfTest(null, null, rule.nextHop()));
                    }
                });
        return new Plan(rules, List.copyOf(found), List.copyOf(leftOut));
    }

    /** A test for each that can be read, once. */
    Plan ofList(List<String> names) {
        var found = new ArrayList<NewSelfTest>();
        var leftOut = new ArrayList<LeftOut>();
        var seen = new HashSet<String>();
        for (String written : names) {
            String name = written == null ? "" : written.strip();
            if (name.isEmpty()) {
                continue;
            }
            NewSelfTest asked = NewSelfTest.written(name);
            try {
                Subject subject = orders.check(asked, false).subject();
                if (seen.add(subject.kind() + " " + subject.name().toLowerCase(Locale.ROOT))) {
                    found.add(asked);
                }
            } catch (InvalidInput | NotAllowed refused) {
                leftOut.add(new LeftOut(name, ((Refusal) refused).explain()));
            }
        }
        return new Plan(null, List.copyOf(found), List.copyOf(leftOut));
    }

    /**
     * Stores batch and tests and lets them wait.
     *
     * @param stored told the batch's id in the transaction that stores it
     * @return the batch's id
     */
    long start(Plan plan, By by, LongConsumer stored) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var waiting = new ArrayList<Stored>();
        Long batch =
                transaction.execute(status -> {
                    long made =
                            batches.insert(
                                    plan.rules(), by.trigger(), by.name(), now, plan.leftOut());
                    for (NewSelfTest asked : plan.tests()) {
                        insert(asked, by, now, made).ifPresent(waiting::add);
                    }
                    stored.accept(made);
                    return made;
                });
        if (batch == null) {
            throw new IllegalStateException("the database gave no id");
        }
        waiting.forEach(one -> runner.enqueue(one.id(), one.order(), batch));
        return batch;
    }

    /** What may not be tested is over at once, and its result says why. */
    private Optional<Stored> insert(NewSelfTest asked, By by, Instant now, long batch) {
        try {
            Order order = orders.ofSchedule(asked, by.administrator());
            long id = tests.insert(order.subject(), by.trigger(), by.name(), now, batch);
            return Optional.of(new Stored(id, order));
        } catch (NotAllowed | InvalidInput refused) {
            var subject = new Subject(Subject.NEXT_HOP, String.valueOf(asked.name()), null);
            long id = tests.insert(subject, by.trigger(), by.name(), now, batch);
            tests.finish(
                    id,
                    SelfTestState.FAILED,
                    now,
                    Report.NOTHING.withSummary(((Refusal) refused).explain()));
            return Optional.empty();
        }
    }
}
