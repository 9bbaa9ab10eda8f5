package org.sealpost.selftest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ServerLooks.Visitor;

/** A test that waits or runs. */
final class Run {

    private enum Phase {
        QUEUED,
        RUNNING,
        OVER
    }

    private final long id;
    private final Order order;
    private final @Nullable Long batch;
    private final Visitor visitor = new Visitor();
    private final CompletableFuture<Report> result = new CompletableFuture<>();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.QUEUED);
    private volatile Report sofar = Report.NOTHING;

    /**
     * @param batch which it is part of; null for one that was started alone
     */
    Run(long id, Order order, @Nullable Long batch) {
        this.id = id;
        this.order = order;
        this.batch = batch;
    }

    long id() {
        return id;
    }

    Order order() {
        return order;
    }

    @Nullable Long batch() {
        return batch;
    }

    boolean isOf(long someBatch) {
        return batch != null && batch == someBatch;
    }

    /** Has every connection of the test, so that its end ends them. */
    Visitor visitor() {
        return visitor;
    }

    CompletableFuture<Report> result() {
        return result;
    }

    Report sofar() {
        return sofar;
    }

    void shows(Report report) {
        sofar = report;
    }

    /** Takes its turn; false when it was ended while it waited. */
    boolean begin() {
        return phase.compareAndSet(Phase.QUEUED, Phase.RUNNING);
    }

    /** Ends it while it waits; false when it had its turn already. */
    boolean endQueued() {
        return phase.compareAndSet(Phase.QUEUED, Phase.OVER);
    }

    /** Ends it and its connections; false when it was over before. */
    boolean end() {
        if (phase.getAndSet(Phase.OVER) == Phase.OVER) {
            return false;
        }
        visitor.close();
        return true;
    }

    boolean isOver() {
        return phase.get() == Phase.OVER;
    }
}
