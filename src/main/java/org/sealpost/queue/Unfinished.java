package org.sealpost.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.sealpost.mail.QueueId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What could not be written down while the database was away. It is done again before the next
 * claim; else the message would count as being delivered until the next start.
 */
final class Unfinished {

    private static final Logger LOG = LoggerFactory.getLogger(Unfinished.class);

    private final Map<QueueId, Runnable> steps = new ConcurrentHashMap<>();

    /** Does a step now or, when that fails, later. */
    void attempt(QueueId id, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error(
                    "what became of message {} could not be written down; it is tried again",
                    id,
                    e);
            steps.put(id, step);
        }
    }

    /** Does what is left, as far as it goes now. */
    void resume() {
        steps.forEach((id, step) -> {
            try {
                step.run();
                steps.remove(id, step);
            } catch (RuntimeException e) {
                LOG.debug("what became of message {} still waits", id, e);
            }
        });
    }
}
