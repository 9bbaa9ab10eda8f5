package org.sealpost.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent.Details;
import org.sealpost.tls.VerdictDocument;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The rows of the connection log; ids carry the time, so the primary key serves time ranges. */
@Repository
class EventTable {

    private static final String COLUMNS =
            "id, type, direction, session, queue_id, listener, peer, host, next_hop, level, result,"
                    + " rule, tls, text, verdict, details";

    private final JdbcTemplate jdbc;
    private final JsonMapper json;

    EventTable(JdbcTemplate jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** All or none. */
    @Transactional
    public void insert(List<LogEntry> entries) {
        jdbc.batchUpdate(
                "insert into connection_event ("
                        + COLUMNS
                        + ", words) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                entries.stream().map(this::row).toList());
    }

    private Object[] row(LogEntry entry) {
        ConnectionEvent event = entry.event();
        return new Object[] {
            event.id(),
            event.type(),
            event.direction(),
            event.session(),
            event.queueId(),
            event.listener(),
            event.peer(),
            event.host(),
            event.nextHop(),
            event.level(),
            event.result(),
            event.rule(),
            event.tls(),
            event.text(),
            event.verdict() == null ? null : json.writeValueAsString(event.verdict()),
            event.details().equals(Details.NONE) ? null : json.writeValueAsString(event.details()),
            entry.words()
        };
    }

    /** Newest first. */
    List<ConnectionEvent> before(EventFilter filter, @Nullable Long before, int size) {
        var where = new Conditions(filter);
        if (before != null) {
            where.and("id < ?", before);
        }
        return query(where, "order by id desc", size);
    }

    /** Oldest first. */
    List<ConnectionEvent> between(EventFilter filter, long after, long upTo, int size) {
        var where = new Conditions(filter);
        where.and("id > ?", after);
        where.and("id <= ?", upTo);
        return query(where, "order by id", size);
    }

    /** What belongs to a message, oldest first: its own rows, and the session that brought it. */
    List<ConnectionEvent> ofMessage(String queueId, int most) {
        return jdbc.query(
                "select "
                        + COLUMNS
                        + " from connection_event where queue_id = ? or (type in"
                        + " ('session', 'self-test') and"
                        + " session in (select session from connection_event where queue_id = ? and"
                        + " type = 'queued')) order by id limit ?",
                events(),
                queueId,
                queueId,
                most);
    }

    long count(EventFilter filter, int most) {
        var where = new Conditions(filter);
        where.arguments.add(most);
        Long count =
                jdbc.queryForObject(
                        "select count(*) from (select id from connection_event"
                                + where.text
                                + " limit ?) counted",
                        Long.class,
                        where.arguments.toArray());
        return count == null ? 0 : count;
    }

    /** The newest id; 0 without any row. */
    long newest() {
        Long newest = jdbc.queryForObject("select max(id) from connection_event", Long.class);
        return newest == null ? 0 : newest;
    }

    /** Deletes the oldest rows that are older than an id, a few at a time. */
    int deleteBefore(long id, int most) {
        Long last =
                jdbc.queryForObject(
                        "select max(id) from (select id from connection_event where id < ? order by"
                                + " id limit ?) oldest",
                        Long.class,
                        id,
                        most);
        return last == null ? 0 : jdbc.update("delete from connection_event where id <= ?", last);
    }

    /** Deletes the oldest rows. */
    int deleteOldest(int most) {
        return deleteBefore(Long.MAX_VALUE, most);
    }

    long rows() {
        Long rows = jdbc.queryForObject("select count(*) from connection_event", Long.class);
        return rows == null ? 0 : rows;
    }

    /** Roughly what a row takes on the disk, of the newest thousand; 0 without any row. */
    long octetsOfOne() {
        Double octets =
                jdbc.queryForObject(
                        "select avg(cast(300 + length(text) + length(words)"
                                + " + coalesce(length(verdict), 0) + coalesce(length(details), 0)"
                                + " as double precision)) from (select text, words, verdict, details"
                                + " from connection_event order by id desc limit 1000) newest",
                        Double.class);
        return octets == null ? 0 : octets.longValue();
    }

    private List<ConnectionEvent> query(Conditions where, String order, int size) {
        where.arguments.add(size);
        return jdbc.query(
                "select "
                        + COLUMNS
                        + " from connection_event"
                        + where.text
                        + " "
                        + order
                        + " limit ?",
                events(),
                where.arguments.toArray());
    }

    private RowMapper<ConnectionEvent> events() {
        return (row, number) -> {
            long id = row.getLong(1);
            String verdict = row.getString(15);
            String details = row.getString(16);
            return new ConnectionEvent(
                    id,
                    EventIds.timeOf(id),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getString(9),
                    row.getString(10),
                    row.getString(11),
                    row.getString(12),
                    row.getString(13),
                    row.getString(14),
                    verdict == null ? null : json.readValue(verdict, VerdictDocument.class),
                    details == null ? Details.NONE : json.readValue(details, Details.class));
        };
    }

    /** The filter as SQL; {@link EventFilter#shows} says the same of an event in memory. */
    private static final class Conditions {
        private final StringBuilder text = new StringBuilder(" where 1 = 1");
        private final List<Object> arguments = new ArrayList<>();

        Conditions(EventFilter filter) {
            is("direction", filter.direction());
            is("listener", filter.listener());
            is("level", filter.level());
            is("result", filter.result());
            is("tls", filter.tls());
            contains("lower(rule) like ? escape '!'", filter.rule());
            contains("lower(peer) like ? escape '!'", filter.peer());
            contains("words like ? escape '!'", filter.q());
            String host = filter.host();
            if (host != null) {
                contains(
                        "(lower(host) like ? escape '!' or lower(next_hop) like ? escape '!')",
                        host);
                arguments.add(pattern(host));
            }
            if (filter.since() != null) {
                and("id >= ?", EventIds.firstAt(filter.since()));
            }
            if (filter.until() != null) {
                and("id < ?", EventIds.firstAt(filter.until()));
            }
            if (!filter.selfTests()) {
                and("type <> ?", ConnectionEvent.SELF_TEST);
            }
        }

        private void is(String column, @Nullable String value) {
            if (value != null) {
                and(column + " = ?", value);
            }
        }

        private void contains(String condition, @Nullable String value) {
            if (value != null) {
                and(condition, pattern(value));
            }
        }

        void and(String condition, Object argument) {
            text.append(" and ").append(condition);
            arguments.add(argument);
        }

        private static String pattern(String value) {
            return "%" + value.toLowerCase(Locale.ROOT).replaceAll("([%_!])", "!$1") + "%";
        }
    }
}
