package org.sealpost.eventlog;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hands lines to the log, on a thread of its own: a slow disk or a terminal that nobody reads holds
 * up no session and no delivery. While too many wait, lines are left out and counted; those that
 * tell an outcome last.
 */
@Component
class MailLog implements SmartLifecycle {

    /** Before anything accepts or delivers mail, and so after it on the way down. */
    private static final int PHASE = -200;

    private static final String LOGGERS = "org.sealpost.log.";
    private static final int MOST_WAITING = 20_000;
    private static final int KEPT_FOR_OUTCOMES = 10_000;
    private static final long LAST_LINES_MILLIS = 5_000;

    private final BlockingQueue<MailLine> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final AtomicLong leftOut = new AtomicLong();
    private volatile boolean running;
    private @Nullable Thread thread;

    /** Never waits. */
    void add(MailLine line) {
        boolean room = line.outcome() || waiting.remainingCapacity() > KEPT_FOR_OUTCOMES;
        if (!room || !waiting.offer(line)) {
            leftOut.incrementAndGet();
        }
    }

    /** How many lines were left out since the start. */
    long leftOut() {
        return leftOut.get();
    }

    private void run() {
        long told = 0;
        try {
            while (running || !waiting.isEmpty()) {
                MailLine line = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (line != null) {
                    log(line);
                } else if (leftOut() > told) {
                    log(missing(leftOut() - told));
                    told = leftOut();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MailLine missing(long lines) {
        return new MailLine(
                "log",
                "warning: " + lines + " lines are missing here: they came faster than they went",
                null,
                null,
                false);
    }

    private void log(MailLine line) {
        LoggingEventBuilder event =
                loggers.computeIfAbsent(
                                line.program(), name -> LoggerFactory.getLogger(LOGGERS + name))
                        .atInfo();
        if (line.queueId() != null) {
            event = event.addKeyValue("queueId", line.queueId());
        }
        if (line.session() != null) {
            event = event.addKeyValue("session", line.session());
        }
        event.log("{}", line.text());
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("mail-log").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        Thread writing = thread;
        try {
            if (writing != null) {
                writing.join(LAST_LINES_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
