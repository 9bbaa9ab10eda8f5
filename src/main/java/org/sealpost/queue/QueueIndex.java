package org.sealpost.queue;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.Admission.Candidate;
import org.sealpost.queue.Admission.DueRecipient;
import org.sealpost.queue.QueuedMessages.Attempt;
import org.sealpost.queue.QueuedMessages.HeldUp;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.queue.QueuedMessages.QueuedRecipient;
import org.sealpost.tls.VerdictDocument;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The queue's rows: an index over the spool for claiming, looking up and paging. */
@Repository
class QueueIndex {

    private static final int KEPT_ATTEMPTS = 20;
    private static final int MOST_LOOKED_AT = 1_000;
    private static final int MOST_REPLY = 4_000;

    /** Before every due time; an index range that begins here leaves out what is not due at all. */
    private static final OffsetDateTime EVER = sql(Instant.EPOCH);

    private final JdbcTemplate jdbc;
    private final JsonMapper json;
    private final QueueDatabase database;

    QueueIndex(JdbcTemplate jdbc, JsonMapper json, QueueDatabase database) {
        this.jdbc = jdbc;
        this.json = json;
        this.database = database;
    }

    /** A row that is due. */
    record Due(QueueId id, int attempts) {}

    /** A recipient that still waits. */
    record Waiting(int position, String address) {}

    @Transactional
    public void insert(StoredEnvelope envelope, long size, Set<Integer> settledPositions) {
        jdbc.update(
                "insert into queue_message (id, state, sender, size, received_at, expires_at,"
                        + " due_at, attempts) values (?, 'queued', ?, ?, ?, ?, ?, 0)",
                envelope.id(),
                envelope.sender() == null ? "" : envelope.sender(),
                size,
                sql(envelope.receivedAt()),
                sql(envelope.expiresAt()),
                sql(envelope.receivedAt()));
        var rows = new ArrayList<Object[]>();
        for (int i = 0; i < envelope.recipients().size(); i++) {
            if (!settledPositions.contains(i)) {
                rows.add(new Object[] {envelope.id(), i, envelope.recipients().get(i).address()});
            }
        }
        jdbc.batchUpdate(
                "insert into queue_recipient (message_id, position, address, state) values (?, ?, ?,"
                        + " 'queued')",
                rows);
    }

    /**
     * What a look at due messages brought.
     *
     * @param more whether others may be due that were not looked at
     */
    record Claim(List<Due> taken, boolean more) {}

    /**
     * Marks due messages as taken when they are admitted, the longest overdue first; the others are
     * due later.
     */
    @Transactional
    public Claim claim(int most, Instant now, Admission admission) {
        var expired = new HashSet<QueueId>();
        var senders = new HashMap<QueueId, String>();
        List<Due> due =
                jdbc.query(
                        "select id, attempts, expires_at, sender from queue_message where due_at >="
                                + " ? and due_at <= ? order by due_at limit ?"
                                + database.taking(),
                        (row, number) -> {
                            var id = new QueueId(row.getString(1));
                            if (!row.getTimestamp(3).toInstant().isAfter(now)) {
                                expired.add(id);
                            }
                            senders.put(id, row.getString(4));
                            return new Due(id, row.getInt(2));
                        },
                        EVER,
                        sql(now),
                        most);
        if (due.isEmpty()) {
            return new Claim(due, false);
        }
        Map<String, List<DueRecipient>> recipients = recipients(due);
        var taken = new ArrayList<Due>();
        var later = new ArrayList<Object[]>();
        for (Due message : due) {
            QueueId id = message.id();
            Optional<Instant> notBefore =
                    admission.notBefore(
                            new Candidate(
                                    id,
                                    MailAddress.parse(senders.getOrDefault(id, "")).orElse(null),
                                    recipients.getOrDefault(id.text(), List.of()),
                                    expired.contains(id)));
            if (notBefore.isEmpty()) {
                taken.add(message);
            } else {
                later.add(new Object[] {sql(notBefore.get()), id.text()});
            }
        }
        jdbc.batchUpdate(
                "update queue_message set state = 'active', due_at = null where id = ?",
                taken.stream().map(row -> new Object[] {row.id().text()}).toList());
        jdbc.batchUpdate("update queue_message set due_at = ? where id = ?", later);
        return new Claim(taken, due.size() == most);
    }

    private Map<String, List<DueRecipient>> recipients(List<Due> due) {
        Object[] ids = due.stream().map(message -> message.id().text()).toArray();
        var recipients = new HashMap<String, List<DueRecipient>>();
        jdbc.query(
                "select message_id, address, route from queue_recipient where message_id in (?"
                        + ", ?".repeat(ids.length - 1)
                        + ") and state not in ('delivered', 'bounced')",
                row -> {
                    String route = row.getString(3);
                    NextHop hop = route == null ? null : NextHop.parse(route).orElse(null);
                    MailAddress.parse(row.getString(2))
                            .map(address -> new DueRecipient(address, hop))
                            .ifPresent(
                                    recipients.computeIfAbsent(
                                                    row.getString(1), _ -> new ArrayList<>())
                                            ::add);
                },
                ids);
        return recipients;
    }

    List<Waiting> waiting(QueueId id) {
        return jdbc.query(
                "select position, address from queue_recipient where message_id = ? and state not in"
                        + " ('delivered', 'bounced') order by position",
                (row, number) -> new Waiting(row.getInt(1), row.getString(2)),
                id.text());
    }

    /** Takes over what the spool file says of settled recipients. */
    @Transactional
    public void settle(QueueId id, List<SpoolRecord.Settled> settled) {
        if (!settled.isEmpty()) {
            jdbc.batchUpdate(
                    "update queue_recipient set state = ?, last_reply = ? where message_id = ? and"
                            + " position = ?",
                    settled.stream()
                            .map(one ->
                                    new Object[] {
                                        one.state(),
                                        shortened(one.reply()),
                                        id.text(),
                                        one.position()
                                    })
                            .toList());
        }
    }

    /** Gives a message back with what its recipients were told. */
    @Transactional
    public void defer(
            QueueId id,
            Instant dueAt,
            List<AttemptResult.RecipientResult> results,
            Map<String, Integer> positions) {
        jdbc.update(
                "update queue_message set state = 'deferred', due_at = ?, attempts = attempts + 1"
                        + " where id = ?",
                sql(dueAt),
                id.text());
        jdbc.batchUpdate(
                "update queue_recipient set state = ?, last_reply = ? where message_id = ? and"
                        + " position = ?",
                results.stream()
                        .map(result ->
                                new Object[] {
                                    result.outcome().name().toLowerCase(Locale.ROOT),
                                    shortened(result.reply()),
                                    id.text(),
                                    positions.get(result.recipient().toString())
                                })
                        .toList());
    }

    @Transactional
    public void recordAttempts(QueueId id, AttemptResult result) {
        var seen = new HashSet<String>();
        for (AttemptResult.RecipientResult recipient : result.recipients()) {
            String key = recipient.nextHop() + "|" + recipient.host() + "|" + recipient.reply();
            if (seen.add(key)) {
                VerdictDocument verdict = recipient.verdict();
                jdbc.update(
                        "insert into queue_attempt (message_id, made_at, next_hop, host, reply,"
                                + " verdict) values (?, ?, ?, ?, ?, ?)",
                        id.text(),
                        sql(result.at()),
                        recipient.nextHop(),
                        recipient.host(),
                        shortened(recipient.reply()),
                        verdict == null ? null : json.writeValueAsString(verdict));
            }
        }
        jdbc.update(
                "delete from queue_attempt where message_id = ? and id not in (select id from"
                        + " queue_attempt where message_id = ? order by id desc limit ?)",
                id.text(),
                id.text(),
                KEPT_ATTEMPTS);
    }

    /** Makes a waiting message due; false when none of that id waits. */
    @Transactional
    public boolean makeDue(QueueId id, Instant now) {
        return jdbc.update(
                        "update queue_message set due_at = ? where id = ? and state in ('queued',"
                                + " 'deferred')",
                        sql(now),
                        id.text())
                > 0;
    }

    /** Holds a waiting message; false when none of that id waits. */
    @Transactional
    public boolean hold(QueueId id) {
        return jdbc.update(
                        "update queue_message set state = 'held', due_at = null where id = ? and"
                                + " state in ('queued', 'deferred')",
                        id.text())
                > 0;
    }

    /** Holds a message whatever its state, because its file says so. */
    @Transactional
    public void holdAnyway(QueueId id) {
        jdbc.update(
                "update queue_message set state = 'held', due_at = null where id = ?", id.text());
    }

    /** Makes a waiting message due and keeps a held one held; false while it is delivered. */
    @Transactional
    public boolean makeDueUnlessHeld(QueueId id, Instant now) {
        return jdbc.update(
                        "update queue_message set due_at = case when state = 'held' then null else"
                                + " ? end where id = ? and state <> 'active'",
                        sql(now),
                        id.text())
                > 0;
    }

    /** Notes the next hops somebody gave recipients, by their places in the envelope. */
    @Transactional
    public void reroute(QueueId id, Map<Integer, @Nullable String> routes) {
        var rows = new ArrayList<@Nullable Object[]>();
        routes.forEach(
                (position, route) -> rows.add(new @Nullable Object[] {route, id.text(), position}));
        jdbc.batchUpdate(
                "update queue_recipient set route = ? where message_id = ? and position = ?", rows);
    }

    /** Makes a held message due; false when none of that id is held. */
    @Transactional
    public boolean release(QueueId id, Instant now) {
        return jdbc.update(
                        "update queue_message set state = case when attempts > 0 then 'deferred'"
                                + " else 'queued' end, due_at = ? where id = ? and state = 'held'",
                        sql(now),
                        id.text())
                > 0;
    }

    /** Takes a message that is not being delivered, so that nobody else does; false if it is. */
    @Transactional
    public boolean take(QueueId id) {
        return jdbc.update(
                        "update queue_message set state = 'active', due_at = null where id = ? and"
                                + " state <> 'active'",
                        id.text())
                > 0;
    }

    @Transactional
    public void remove(QueueId id) {
        jdbc.update("delete from queue_attempt where message_id = ?", id.text());
        jdbc.update("delete from queue_recipient where message_id = ?", id.text());
        jdbc.update("delete from queue_message where id = ?", id.text());
    }

    /** Messages that were being delivered when the process ended are due at once. */
    @Transactional
    public int returnClaimed(Instant now) {
        return jdbc.update(
                "update queue_message set state = case when attempts > 0 then 'deferred' else"
                        + " 'queued' end, due_at = ? where state = 'active'",
                sql(now));
    }

    Set<String> ids() {
        return new HashSet<>(
                jdbc.query("select id from queue_message", (row, number) -> row.getString(1)));
    }

    /** The message that was received last. */
    Optional<QueueId> latest() {
        return jdbc
                .query(
                        "select id from queue_message order by id desc limit 1",
                        (row, number) -> new QueueId(row.getString(1)))
                .stream()
                .findFirst();
    }

    int attempts(QueueId id) {
        return jdbc
                .query(
                        "select attempts from queue_message where id = ?",
                        (row, number) -> row.getInt(1),
                        id.text())
                .stream()
                .findFirst()
                .orElse(0);
    }

    Optional<Instant> nextDue() {
        return jdbc
                .query(
                        "select due_at from queue_message where due_at >= ? order by due_at limit 1",
                        (row, number) -> row.getTimestamp(1).toInstant(),
                        EVER)
                .stream()
                .findFirst();
    }

    Optional<QueuedMessage> find(QueueId id) {
        return page("where m.id = ?", "m.id", List.of(id.text()), 1).stream().findFirst();
    }

    List<QueuedMessage> page(
            QueueFilter filter, QueueOrder order, QueueOrder.@Nullable Place after, int size) {
        String way = order.descending() ? " desc" : "";
        String beyond = order.descending() ? "<" : ">";
        if (!order.byAttempt()) {
            // With the state that all have, so that H2 sees the index that serves both.
            String byId = (filter.state() == null ? "" : "m.state" + way + ", ") + "m.id" + way;
            return after == null
                    ? page(filter, "", List.of(), byId, size)
                    : page(filter, " and m.id " + beyond + " ?", id(after), byId, size);
        }
        String byDue = "m.due_at" + way + ", m.id" + way;
        var found = new ArrayList<QueuedMessage>();
        if (after == null) {
            found.addAll(page(filter, " and m.due_at >= ?", List.of(EVER), byDue, size));
        } else if (after.due() != null) {
            // Said twice for the sake of the index, which serves only the first half.
            String unseen =
                    " and m.due_at %s= ? and (m.due_at %s ? or m.id %s ?)"
                            .formatted(beyond, beyond, beyond);
            OffsetDateTime due = sql(after.due());
            found.addAll(page(filter, unseen, List.of(due, due, after.id().text()), byDue, size));
        }
        if (after != null && after.due() == null) {
            String unseen = " and m.due_at is null and m.id " + beyond + " ?";
            found.addAll(page(filter, unseen, id(after), "m.id" + way, size));
        } else if (found.size() < size) {
            int rest = size - found.size();
            found.addAll(page(filter, " and m.due_at is null", List.of(), "m.id" + way, rest));
        }
        return found;
    }

    private static List<Object> id(QueueOrder.Place place) {
        return List.of(place.id().text());
    }

    private List<QueuedMessage> page(
            QueueFilter filter, String unseen, List<Object> seen, String order, int size) {
        var arguments = new ArrayList<>();
        String condition = condition(filter, arguments);
        arguments.addAll(seen);
        return page(condition + unseen, order, arguments, size);
    }

    long count(QueueFilter filter) {
        var arguments = new ArrayList<>();
        String condition = condition(filter, arguments);
        Long count =
                jdbc.queryForObject(
                        "select count(*) from queue_message m " + condition,
                        Long.class,
                        arguments.toArray());
        return count == null ? 0 : count;
    }

    Map<String, Long> countByState() {
        var counts = new HashMap<String, Long>();
        jdbc.query(
                "select state, count(*) from queue_message group by state",
                row -> {
                    counts.put(row.getString(1), row.getLong(2));
                });
        return counts;
    }

    /** Our own words for TLS begin with these codes, a server's never do. */
    List<HeldUp> heldUpByTls(int most) {
        Long deferred =
                jdbc.queryForObject(
                        "select count(*) from (select id from queue_message where state ="
                                + " 'deferred' limit ?) counted",
                        Long.class,
                        MOST_LOOKED_AT + 1);
        boolean orMore = deferred != null && deferred > MOST_LOOKED_AT;
        return jdbc.query(
                "select a.next_hop, count(distinct a.message_id) as messages from (select id from"
                        + " queue_message where state = 'deferred' order by id limit ?) m join"
                        + " queue_attempt a on a.message_id = m.id where a.next_hop is not null and"
                        + " (a.reply like '4.7.4 %' or a.reply like '4.7.5 %') and a.made_at ="
                        + " (select max(l.made_at) from queue_attempt l where l.message_id = m.id)"
                        + " group by a.next_hop order by messages desc, a.next_hop limit ?",
                (row, number) -> new HeldUp(row.getString(1), row.getLong(2), orMore),
                MOST_LOOKED_AT,
                most);
    }

    private static String condition(QueueFilter filter, List<Object> arguments) {
        var condition = new StringBuilder("where 1 = 1");
        if (filter.q() != null) {
            String pattern = "%" + filter.q().replaceAll("([%_!])", "!$1") + "%";
            arguments.addAll(List.of(pattern, pattern, pattern));
            condition.append(
                    " and (lower(m.id) like ? escape '!' or lower(m.sender) like ? escape '!' or"
                            + " exists (select 1 from queue_recipient r where r.message_id = m.id"
                            + " and lower(r.address) like ? escape '!'))");
        }
        if (filter.state() != null) {
            arguments.add(filter.state());
            condition.append(" and m.state = ?");
        }
        if (filter.nextHop() != null) {
            arguments.add(filter.nextHop());
            // All results of one attempt bear the same time.
            condition.append(
                    " and exists (select 1 from queue_attempt a where a.message_id = m.id and"
                            + " lower(a.next_hop) = ? and a.made_at = (select max(l.made_at) from"
                            + " queue_attempt l where l.message_id = m.id))");
        }
        return condition.toString();
    }

    private List<QueuedMessage> page(String condition, String order, List<?> arguments, int size) {
        var all = new ArrayList<Object>(arguments);
        all.add(size);
        List<QueuedMessage> bare =
                jdbc.query(
                        "select m.id, m.state, m.sender, m.size, m.received_at, m.due_at from"
                                + " queue_message m "
                                + condition
                                + " order by "
                                + order
                                + " limit ?",
                        (row, number) -> {
                            Timestamp due = row.getTimestamp(6);
                            return new QueuedMessage(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    List.of(),
                                    row.getLong(4),
                                    row.getTimestamp(5).toInstant(),
                                    due == null ? null : due.toInstant(),
                                    List.of(),
                                    null,
                                    null);
                        },
                        all.toArray());
        return bare.isEmpty() ? bare : filled(bare);
    }

    private List<QueuedMessage> filled(List<QueuedMessage> bare) {
        Object[] ids = bare.stream().map(QueuedMessage::id).toArray();
        String marks = "?" + ", ?".repeat(ids.length - 1);
        var recipients = new HashMap<String, List<QueuedRecipient>>();
        jdbc.query(
                "select message_id, address, state, last_reply, route from queue_recipient where"
                        + " message_id in ("
                        + marks
                        + ") order by message_id, position",
                row -> {
                    recipients
                            .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                            .add(
                                    new QueuedRecipient(
                                            row.getString(2),
                                            row.getString(3),
                                            row.getString(4),
                                            row.getString(5)));
                },
                ids);
        var attempts = new HashMap<String, List<Attempt>>();
        jdbc.query(
                "select message_id, made_at, next_hop, host, reply, verdict from queue_attempt where"
                        + " message_id in ("
                        + marks
                        + ") order by id",
                row -> {
                    String verdict = row.getString(6);
                    attempts.computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                            .add(
                                    new Attempt(
                                            row.getTimestamp(2).toInstant(),
                                            row.getString(3),
                                            row.getString(4),
                                            row.getString(5),
                                            verdict == null
                                                    ? null
                                                    : json.readValue(
                                                            verdict, VerdictDocument.class)));
                },
                ids);
        return bare.stream()
                .map(message -> {
                    List<Attempt> made = attempts.getOrDefault(message.id(), List.of());
                    Attempt last = made.isEmpty() ? null : made.getLast();
                    return new QueuedMessage(
                            message.id(),
                            message.state(),
                            message.sender(),
                            recipients.getOrDefault(message.id(), List.of()),
                            message.size(),
                            message.receivedAt(),
                            message.nextAttemptAt(),
                            made,
                            last == null ? null : last.nextHop(),
                            last == null ? null : last.verdict());
                })
                .toList();
    }

    /** What a server said, as a column can hold it: PostgreSQL's text takes no NUL. */
    private static String shortened(String reply) {
        String text = reply.replace('\0', '?');
        return text.length() > MOST_REPLY ? text.substring(0, MOST_REPLY) : text;
    }

    private static OffsetDateTime sql(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
