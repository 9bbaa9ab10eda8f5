package org.sealpost.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.QueueId;

/** Decides which due messages are taken now, so that one destination never takes all places. */
@FunctionalInterface
public interface Admission {

    /**
     * Asked once for each due message, the longest overdue first.
     *
     * @return empty to take it; else when it is due again, which is no attempt
     */
    Optional<Instant> notBefore(Candidate message);

    /**
     * A message that is due.
     *
     * @param sender null for the empty reverse path
     * @param recipients those that are not settled
     * @param expired whether it is too old to wait
     */
    record Candidate(
            QueueId id,
            @Nullable MailAddress sender,
            List<DueRecipient> recipients,
            boolean expired) {}

    /**
     * A recipient of it.
     *
     * @param route the next hop somebody gave it; null when the routes hold
     */
    record DueRecipient(MailAddress address, @Nullable NextHop route) {}
}
