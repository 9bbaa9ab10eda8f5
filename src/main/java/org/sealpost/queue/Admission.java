package org.sealpost.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;

/** Decides which due messages are taken now, so that one destination never takes all places. */
@FunctionalInterface
public interface Admission {

    /**
     * Asked once for each due message, the longest overdue first.
     *
     * @param recipients those that are not settled
     * @param expired whether the message is too old to wait
     * @return empty to take it; else when it is due again, which is no attempt
     */
    Optional<Instant> notBefore(QueueId id, List<MailAddress> recipients, boolean expired);
}
