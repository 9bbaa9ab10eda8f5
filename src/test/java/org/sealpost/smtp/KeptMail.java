package org.sealpost.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.Admission;
import org.sealpost.queue.AttemptResult;
import org.sealpost.queue.ClaimedMessage;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.MailQueue;

/** A destination that keeps in memory what was accepted, and delivers nothing. */
class KeptMail implements MailQueue {

    /** A message that was answered 250; a character for each octet. */
    record Kept(QueueId id, Envelope envelope, String octets) {}

    private final MailQueue real;
    private final List<Kept> kept = new ArrayList<>();

    /**
     * @param real gives the ids
     */
    KeptMail(MailQueue real) {
        this.real = real;
    }

    synchronized List<Kept> kept() {
        return List.copyOf(kept);
    }

    @Override
    public QueueId newId() {
        return real.newId();
    }

    @Override
    public void accept(QueueId id, Envelope envelope, InputStream body) throws IOException {
        String octets = new String(body.readAllBytes(), StandardCharsets.ISO_8859_1);
        synchronized (this) {
            kept.add(new Kept(id, envelope, octets));
        }
    }

    @Override
    public boolean hasRoomFor(long size) {
        return true;
    }

    @Override
    public List<ClaimedMessage> claim(int most, Instant now, Admission admission) {
        return List.of();
    }

    @Override
    public ClaimedMessage claim(QueueId id) {
        throw new UnsupportedOperationException("nothing is delivered");
    }

    @Override
    public void delayTold(QueueId id) {
        throw new UnsupportedOperationException("nothing is delivered");
    }

    @Override
    public void giveBack(QueueId id) {
        throw new UnsupportedOperationException("nothing is delivered");
    }

    @Override
    public void remove(QueueId id) {
        throw new UnsupportedOperationException("nothing is delivered");
    }

    @Override
    public InputStream body(QueueId id) {
        throw new UnsupportedOperationException("nothing is delivered");
    }

    @Override
    public void settle(QueueId id, AttemptResult result) {
        throw new UnsupportedOperationException("nothing is delivered");
    }

    @Override
    public Optional<Instant> nextDue() {
        return Optional.empty();
    }

    @Override
    public void onDue(Runnable wakeUp) {
        // nothing ever becomes due
    }
}
