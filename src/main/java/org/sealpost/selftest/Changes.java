package org.sealpost.selftest;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells those who watch that a test, or one of a batch, shows more than before. */
@Component
class Changes {

    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();

    /** Somebody who watches a test or a batch. */
    private record Follower(@Nullable Long test, @Nullable Long batch, Runnable changed) {}

    /**
     * Watches until the result is closed. What is called must return at once.
     *
     * @param test the test's id; null for a batch
     * @param batch the batch's id; null for a test
     */
    Following follow(@Nullable Long test, @Nullable Long batch, Runnable changed) {
        var follower = new Follower(test, batch, changed);
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    void shown(Run run) {
        tell(run.id(), null);
    }

    /** A test begins or is over. */
    void turned(Run run) {
        tell(run.id(), run.batch());
    }

    private void tell(long test, @Nullable Long batch) {
        for (Follower follower : followers) {
            Long wanted = follower.test();
            Long whole = follower.batch();
            if ((wanted != null && wanted == test) || (whole != null && whole.equals(batch))) {
                follower.changed().run();
            }
        }
    }
}
