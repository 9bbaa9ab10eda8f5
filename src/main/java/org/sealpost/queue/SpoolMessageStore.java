package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueuedMessages.QueuedRecipient;
import org.sealpost.queue.SpoolRecord.Settled;
import org.sealpost.settings.StartupRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store of one node: files in the spool are the mail, rows only the index over them. */
final class SpoolMessageStore implements MessageStore {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolMessageStore.class);

    private final Spool spool;
    private final SpoolIdentity identity;
    private final QueueIndex index;
    private final long reservedBytes;
    private final Removals removals;

    /**
     * @param reservedBytes space on the spool's disk that accepting never touches
     */
    SpoolMessageStore(Spool spool, SpoolIdentity identity, QueueIndex index, long reservedBytes) {
        this.spool = spool;
        this.identity = identity;
        this.index = index;
        this.reservedBytes = reservedBytes;
        this.removals = new Removals(spool);
    }

    @Override
    public void create() {
        identity.create();
    }

    @Override
    public void open(QueueIds ids) {
        identity.require();
        try {
            reconcile(ids);
        } catch (IOException | UncheckedIOException e) {
            throw new StartupRefused(
                    "The spool folder " + spool.folder() + " cannot be read: " + e + ".",
                    "Make it readable and writable for the user that runs Sealpost.",
                    e);
        }
    }

    @Override
    public boolean hasRoomFor(long size) {
        // 0 when it cannot be read, and then mail is refused.
        return spool.folder().toFile().getUsableSpace() - size >= reservedBytes;
    }

    @Override
    public long accept(StoredEnvelope envelope, InputStream body) throws IOException, QueueFull {
        var id = new QueueId(envelope.id());
        long size;
        try {
            size = spool.store(id, envelope, body);
        } catch (IOException e) {
            if (DiskFull.is(e)) {
                throw new QueueFull("the spool's disk is full");
            }
            throw e;
        }
        try {
            index.insert(envelope, size, Set.of());
        } catch (RuntimeException e) {
            spool.remove(id); // the client is told that it failed, and sends it again
            throw e;
        }
        return size;
    }

    @Override
    public StoredMessage read(QueueId id) throws IOException {
        return spool.read(id);
    }

    @Override
    public Optional<StoredMessage> readWhole(QueueId id) throws IOException {
        try {
            return Optional.of(spool.verify(id));
        } catch (DamagedMessage damaged) {
            setAside(id, damaged);
        } catch (NoSuchFileException gone) {
            dropRow(id);
        }
        return Optional.empty();
    }

    @Override
    public InputStream body(QueueId id) throws IOException {
        return spool.body(id);
    }

    @Override
    public void append(QueueId id, SpoolRecord record) throws IOException {
        spool.append(id, record);
    }

    @Override
    public void complete(QueueId id) throws IOException {
        spool.remove(id);
        index.remove(id);
        removals.force(id);
    }

    @Override
    public void remove(QueueId id) throws IOException {
        spool.remove(id);
        spool.forceRemoval(id);
        index.remove(id);
    }

    @Override
    public void close() {
        removals.close();
    }

    /** Makes the rows agree with the files: the files are the mail. */
    private void reconcile(QueueIds ids) throws IOException {
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
    }

    private void insertFromFile(QueueId id) {
        try {
            StoredMessage message = spool.read(id);
            Set<Integer> settled =
                    message.settled().stream().map(Settled::position).collect(Collectors.toSet());
            boolean allSettled =
                    IntStream.range(0, message.envelope().recipients().size())
                            .allMatch(settled::contains);
            if (allSettled) {
                spool.remove(id);
                return;
            }
            index.insert(message.envelope(), message.bodyLength(), settled);
            index.reroute(id, message.routes());
            if (message.held()) {
                index.holdAnyway(id);
            }
            LOG.info("message {} from the spool is queued again", id);
        } catch (DamagedMessage damaged) {
            setAside(id, damaged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setAside(QueueId id, DamagedMessage reason) {
        try {
            spool.setAside(id, String.valueOf(reason.getMessage()));
            index.remove(id);
        } catch (IOException e) {
            LOG.error("the damaged message {} could not be moved aside; it stays", id, e);
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
}
