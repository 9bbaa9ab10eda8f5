package org.sealpost.eventlog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.ConnectionEvent.Step;

/** Who is watched. Reading needs {@code events:read}, the rest {@code events:write}. */
public interface Watches {

    /** Newest first; those that have ended stay for a while, with what they kept. */
    List<Watch> list();

    Watch get(long id);

    /**
     * Begins one; it acts on the next session.
     *
     * @throws org.sealpost.mail.InvalidInput when the peer, the level or a bound cannot be used
     */
    Watch begin(NewWatch asked);

    /** Ends one before its time; what it kept stays. */
    Watch end(long id);

    /** Ends one and forgets what it kept. */
    void delete(long id);

    /** The sessions a watch kept, oldest first. */
    List<Transcript> transcripts(long id);

    /**
     * What somebody wants to watch.
     *
     * @param level 4 when not given
     * @param sessions 1 to 100; null keeps none
     * @param until at most 30 days from now; a day from now when not given
     */
    record NewWatch(
            @Nullable String direction,
            @Nullable String peer,
            @Nullable Integer level,
            @Nullable Integer sessions,
            @Nullable Instant until) {}

    /**
     * A whole session: secrets masked, no bodies.
     *
     * @param queueId the message, for outbound sessions
     * @param text how it ended, as the log has it
     */
    record Transcript(
            Instant at,
            String session,
            @Nullable String queueId,
            @Nullable String peer,
            String text,
            List<Step> steps) {

        public Transcript {
            steps = List.copyOf(steps);
        }
    }
}
