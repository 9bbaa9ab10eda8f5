package org.sealpost.eventlog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.tls.SessionDetail;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
@PreAuthorize("hasAuthority('events:write')")
class StoredWatches implements Watches {

    private static final String MAY_READ = "hasAuthority('events:read')";
    private static final String OBJECT = "watch";
    private static final Duration USUAL = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST = 50;
    private static final int MOST_SESSIONS = 100;

    private final WatchRows rows;
    private final WatchedPeers peers;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transactions;
    private final Clock clock;

    StoredWatches(
            WatchRows rows,
            WatchedPeers peers,
            ApplicationEventPublisher events,
            TransactionTemplate transactions,
            Clock clock) {
        this.rows = rows;
        this.peers = peers;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    @PreAuthorize(MAY_READ)
    public List<Watch> list() {
        return rows.all(clock.instant());
    }

    @Override
    @PreAuthorize(MAY_READ)
    public Watch get(long id) {
        return rows.find(id, clock.instant()).orElseThrow(() -> new NotFound("watch", id));
    }

    @Override
    @PreAuthorize(MAY_READ)
    public List<Transcript> transcripts(long id) {
        return rows.transcripts(get(id).id());
    }

    @Override
    public Watch begin(NewWatch asked) {
        Watch wanted = checked(asked);
        if (rows.all(clock.instant()).size() >= MOST) {
            throw new Conflict(
                    "There are " + MOST + " watches already.", "Delete one that is not needed.");
        }
        return change(() -> {
            Watch begun = get(rows.insert(wanted));
            events.publishEvent(ConfigurationChanged.created(OBJECT, begun.id(), begun));
            return begun;
        });
    }

    @Override
    public Watch end(long id) {
        Watch before = get(id);
        return change(() -> {
            rows.end(id, clock.instant());
            Watch ended = get(id);
            events.publishEvent(ConfigurationChanged.changed(OBJECT, id, before, ended));
            return ended;
        });
    }

    @Override
    public void delete(long id) {
        Watch before = get(id);
        change(() -> {
            rows.delete(id);
            events.publishEvent(ConfigurationChanged.removed(OBJECT, id, before));
            return before;
        });
    }

    private Watch change(Supplier<Watch> work) {
        Watch changed = transactions.execute(_ -> work.get());
        peers.reload();
        return changed;
    }

    private Watch checked(NewWatch asked) {
        var problems = new ArrayList<Problem>();
        String direction = text(asked.direction()).toLowerCase(Locale.ROOT);
        String peer = text(asked.peer()).toLowerCase(Locale.ROOT);
        int level = asked.level() == null ? SessionDetail.DIALOGUE : asked.level();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant until = asked.until() == null ? now.plus(USUAL) : asked.until();
        if (!direction.equals("inbound") && !direction.equals("outbound")) {
            add(problems, "direction", "The direction is missing.", "Say inbound or outbound.");
        } else if (peer.length() > 400 || WatchedPeer.parse(direction, peer).isEmpty()) {
            add(
                    problems,
                    "peer",
                    "“" + peer + "” is nobody who could be watched.",
                    direction.equals("inbound")
                            ? "Write an address or a network, such as 192.0.2.7 or 192.0.2.0/24."
                            : "Write a next hop as a route has it, a name, an address or a network.");
        }
        if (level < 0 || level > SessionDetail.DIALOGUE) {
            add(problems, "level", "There is no such level.", "Choose 0 to 4.");
        }
        Integer sessions = asked.sessions();
        if (sessions != null && (sessions < 1 || sessions > MOST_SESSIONS)) {
            add(
                    problems,
                    "sessions",
                    "So many sessions are not kept.",
                    "Choose 1 to " + MOST_SESSIONS + ", or leave it out to keep none.");
        }
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            add(
                    problems,
                    "until",
                    "The end is over already, or more than 30 days away.",
                    "Choose a time within the next 30 days.");
        }
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return new Watch(0, direction, peer, level, sessions, 0, until, caller(), now, true);
    }

    private static void add(List<Problem> problems, String field, String what, String cure) {
        problems.add(new Problem(field, what, cure));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }

    private static String caller() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null ? "system" : caller.getName();
    }
}
