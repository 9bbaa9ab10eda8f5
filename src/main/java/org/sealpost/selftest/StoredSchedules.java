package org.sealpost.selftest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ServerLooks;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.selftest.Order.Subject;
import org.sealpost.selftest.ScheduleRows.Row;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.tls.TlsLevel;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Schedules in the database. */
@Service
class StoredSchedules implements SelfTestSchedules {

    private static final String OBJECT = "self-test-schedule";
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MOST = 1_000;

    private final ScheduleRows rows;
    private final Orders orders;
    private final ServerLooks servers;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    StoredSchedules(
            ScheduleRows rows,
            Orders orders,
            ServerLooks servers,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.orders = orders;
        this.servers = servers;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize("hasAuthority('selftests:read')")
    public List<Schedule> list() {
        return rows.all().stream().map(Row::schedule).toList();
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('selftests:write')")
    public Schedule create(NewSchedule asked) {
        Duration every = every(asked.every());
        Subject subject = subject(asked, every);
        List<Row> known = rows.all();
        if (known.size() >= MOST) {
            throw new Conflict(
                    "There are " + MOST + " schedules already.", "Remove one that is not needed.");
        }
        if (known.stream().anyMatch(row -> row.subject().isSame(subject))) {
            throw isKnown(subject);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long id = insert(subject, every, now);
        Schedule created = rows.find(id).orElseThrow().schedule();
        events.publishEvent(ConfigurationChanged.created(OBJECT, id, created));
        return created;
    }

    private Subject subject(NewSchedule asked, Duration every) {
        String rules = asked.rules();
        var single = new NewSelfTest(asked.listener(), asked.destination(), asked.nextHop());
        if (rules == null || rules.isBlank()) {
            return orders.check(single).subject();
        }
        TlsLevel lowest =
                TlsLevel.parse(rules.strip())
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "rules",
                                        "“" + rules + "” is no level.",
                                        "Write one of none, may, encrypt, fingerprint, verify and"
                                                + " secure."));
        if (single.name() != null) {
            throw new InvalidInput(
                    "rules", "More than one test was named.", "Name rules or one test.");
        }
        if (!every.equals(Nights.APART)) {
            throw new InvalidInput(
                    "every", "Rules are tested once a night.", "Write PT24H for them.");
        }
        return new Subject(Subject.RULES, lowest.word(), null);
    }

    private long insert(Subject subject, Duration every, Instant now) {
        try {
            return rows.insert(subject, every, servers.mayGoAnywhere(), caller(), now);
        } catch (DuplicateKeyException raced) {
            throw isKnown(subject);
        }
    }

    private static Conflict isKnown(Subject subject) {
        return new Conflict(
                subject.name() + " is scheduled already.", "Remove that schedule first.");
    }

    private static Duration every(@Nullable Duration asked) {
        if (asked == null || asked.compareTo(SHORTEST) < 0 || asked.compareTo(LONGEST) > 0) {
            throw new InvalidInput(
                    "every",
                    "How often is missing, or not between 5 seconds and 366 days.",
                    "Write it like PT24H or 24h.");
        }
        return asked;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('selftests:write')")
    public void delete(long id) {
        Schedule before = rows.find(id).orElseThrow(() -> new NotFound("schedule", id)).schedule();
        rows.delete(id);
        events.publishEvent(ConfigurationChanged.removed(OBJECT, id, before));
    }

    private static String caller() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null ? "system" : caller.getName();
    }
}
