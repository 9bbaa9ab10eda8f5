package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.sealpost.mail.QueueId;

/**
 * Where accepted mail is: envelope, body and what became of it. The rows of {@link QueueIndex} say
 * when it is due; a store keeps them in step with the mail.
 */
interface MessageStore {

    /** Sets the store up; once, at the very first start. */
    void create();

    /**
     * Makes sure at a start that this is the store that belongs to the database, and that rows and
     * mail agree.
     *
     * @param ids is told of the ids in use
     * @throws org.sealpost.settings.StartupRefused when it is another store, or unsafe, or cannot
     *     be read
     */
    void open(QueueIds ids);

    /** Whether a message of this size would find room now, as far as this machine can tell. */
    boolean hasRoomFor(long size);

    /**
     * Stores a message and its rows; on return they are on disk. When anything fails nothing of it
     * stays behind.
     *
     * @return the body's octets
     */
    long accept(StoredEnvelope envelope, InputStream body) throws IOException, QueueFull;

    /** Reads all but the body. */
    StoredMessage read(QueueId id) throws IOException;

    /**
     * Reads all but the body, and makes sure that the body is whole.
     *
     * @return empty when the message is gone or damaged; the store has dealt with that then
     */
    Optional<StoredMessage> readWhole(QueueId id) throws IOException;

    InputStream body(QueueId id) throws IOException;

    /** Notes what became of a message; on disk before this returns. */
    void append(QueueId id, SpoolRecord record) throws IOException;

    /** Removes a message with all recipients settled, and its rows; on disk within 100 ms. */
    void complete(QueueId id) throws IOException;

    /** Removes a message and its rows, if they are still there; on disk before this returns. */
    void remove(QueueId id) throws IOException;

    /** Waits until everything asked for is on disk. */
    void close();
}
