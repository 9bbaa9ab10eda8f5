package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.sealpost.mail.QueueId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The store in PostgreSQL: one transaction writes a message with its rows, and its commit is what
 * makes it safe. All that belongs to a message goes with its row in {@code queue_message}.
 */
final class PostgresMessageStore implements MessageStore {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresMessageStore.class);

    private final JdbcTemplate jdbc;
    private final QueueIndex index;
    private final BodyRows bodies;
    private final JsonMapper json;
    private final IncomingFolder incoming;
    private final TransactionTemplate transactions;

    /**
     * @param incoming where a long body is until it is in the database
     * @param reservedBytes space on that folder's disk that accepting never touches
     */
    PostgresMessageStore(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            QueueIndex index,
            JsonMapper json,
            Path incoming,
            long reservedBytes) {
        this.jdbc = jdbc;
        this.index = index;
        this.bodies = new BodyRows(jdbc);
        this.json = json;
        this.incoming = new IncomingFolder(incoming, reservedBytes);
        this.transactions = new TransactionTemplate(transactions);
    }

    /** The migrations made all there is. */
    @Override
    public void create() {}

    @Override
    public void open(QueueIds ids) {
        PostgresSafety.require(jdbc);
        incoming.open();
        index.latest().ifPresent(ids::neverBefore);
    }

    @Override
    public boolean hasRoomFor(long size) {
        return incoming.hasRoomFor(size);
    }

    @Override
    public long accept(StoredEnvelope envelope, InputStream body) throws IOException, QueueFull {
        try (var held = incoming.hold(envelope.id(), body)) {
            return Objects.requireNonNull(
                    transactions.execute(status -> insert(envelope, held)), "octets");
        } catch (IOException | DataAccessException | TransactionException e) {
            if (DiskFull.is(e)) {
                throw new QueueFull("the disk of the database, or of this machine, is full");
            }
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Long insert(StoredEnvelope envelope, HeldBody body) {
        try (InputStream in = body.open()) {
            index.insert(envelope, body.length(), Set.of());
            jdbc.update(
                    "insert into queue_envelope (message_id, envelope, body_length) values (?, ?, ?)",
                    envelope.id(),
                    json.writeValueAsString(envelope),
                    body.length());
            bodies.insert(envelope.id(), in);
            return body.length();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public StoredMessage read(QueueId id) throws IOException {
        return envelope(id)
                .orElseThrow(() -> new NoSuchFileException("the rows of message " + id))
                .with(records(id));
    }

    @Override
    public Optional<StoredMessage> readWhole(QueueId id) throws IOException {
        Optional<EnvelopeRow> envelope = envelope(id);
        if (envelope.isPresent() && envelope.get().isWhole()) {
            return Optional.of(envelope.get().with(records(id)));
        }
        if (index.find(id).isPresent()) {
            index.holdAnyway(id);
            LOG.error(
                    "rows of message {} are missing from the database; it is held, and neither"
                            + " delivered nor deleted",
                    id);
        }
        return Optional.empty();
    }

    /** What {@code queue_envelope} holds, and how many octets of body there really are. */
    private record EnvelopeRow(StoredEnvelope envelope, long bodyLength, long octets) {

        boolean isWhole() {
            return bodyLength == octets;
        }

        StoredMessage with(List<SpoolRecord> records) {
            return new StoredMessage(envelope, bodyLength, records);
        }
    }

    private Optional<EnvelopeRow> envelope(QueueId id) {
        return jdbc
                .query(
                        "select envelope, body_length, (select coalesce(sum(octet_length(bytes)), 0)"
                                + " from queue_body b where b.message_id = e.message_id) from"
                                + " queue_envelope e where message_id = ?",
                        (row, number) ->
                                new EnvelopeRow(
                                        json.readValue(row.getString(1), StoredEnvelope.class),
                                        row.getLong(2),
                                        row.getLong(3)),
                        id.text())
                .stream()
                .findFirst();
    }

    private List<SpoolRecord> records(QueueId id) {
        return jdbc.query(
                "select record from queue_record where message_id = ? order by id",
                (row, number) -> json.readValue(row.getString(1), SpoolRecord.class),
                id.text());
    }

    @Override
    public InputStream body(QueueId id) {
        return bodies.open(id);
    }

    @Override
    public void append(QueueId id, SpoolRecord record) throws IOException {
        try {
            jdbc.update(
                    "insert into queue_record (message_id, record) values (?, ?)",
                    id.text(),
                    json.writeValueAsString(record));
        } catch (DataAccessException e) {
            throw new IOException("the database did not take it", e);
        }
    }

    @Override
    public void complete(QueueId id) {
        index.remove(id);
    }

    @Override
    public void remove(QueueId id) {
        index.remove(id);
    }

    @Override
    public void close() {}
}
