package org.sealpost.queue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sealpost.mail.QueueId;

/** Accepted mail until its last recipient is settled. */
public interface MailQueue {

    /** A new id, so that the {@code Received:} line can carry it before the message is stored. */
    QueueId newId();

    /**
     * Stores a message and returns only when it is forced to disk: whoever sends {@code 250} after
     * that keeps promise 1. The body is streamed in constant memory. When reading the body fails,
     * its exception is passed on and nothing of the message stays behind.
     *
     * @param body the message byte for byte as it is to be delivered, {@code Received:} included
     * @throws QueueFull when there is no room now; the client is told 452 4.3.1
     */
    void accept(QueueId id, Envelope envelope, InputStream body) throws IOException, QueueFull;

    /** Whether a message of this size (octets, 0 when unknown) would find room now. */
    boolean hasRoomFor(long size);

    /**
     * Takes messages with recipients that are due and that are admitted; they belong to the caller
     * until {@link #settle} or until the process ends.
     */
    List<ClaimedMessage> claim(int most, Instant now, Admission admission);

    /**
     * Takes one message that waits or is held, whenever it is due; it belongs to the caller until
     * {@link #remove} or {@link #giveBack}.
     *
     * @throws org.sealpost.mail.NotFound when it is gone
     * @throws org.sealpost.mail.Conflict while it is being delivered, or cannot be read
     */
    ClaimedMessage claim(QueueId id);

    /** Gives a claimed message back: held when it was, else due after one more failed attempt. */
    void giveBack(QueueId id);

    /** Removes a claimed message whose sender was told; gone from the disk before this returns. */
    void remove(QueueId id) throws IOException;

    /** Notes that the sender of a claimed message was told that it waits; forced. */
    void delayTold(QueueId id) throws IOException;

    /** The message's bytes. */
    InputStream body(QueueId id) throws IOException;

    /**
     * Records what became of the claimed recipients and gives the message back, or removes it when
     * none is left. Results that settle a recipient are forced before this returns for a message
     * that stays; the completion of a whole message is forced in a group within 100 ms.
     */
    void settle(QueueId id, AttemptResult result);

    /** When the next recipient becomes due; empty when none waits. */
    Optional<Instant> nextDue();

    /** Called when a message has arrived or became due earlier than {@link #nextDue} said. */
    void onDue(Runnable wakeUp);
}
