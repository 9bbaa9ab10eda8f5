package org.sealpost.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rules that are relaxed for a while, and come back by themselves. Needs the rules' rights. */
public interface Relaxations {

    List<Relaxation> list();

    Optional<Relaxation> of(String nextHop);

    /**
     * Relaxes what holds for a next hop; its own rule is changed, or made when it has none.
     *
     * @throws org.sealpost.mail.InvalidInput when that is no relaxation, or has no end or no reason
     * @throws org.sealpost.mail.Conflict when it is relaxed already
     */
    Relaxation relax(NewRelaxation asked);

    /** Ends one before its time. */
    void end(long id);

    /**
     * What somebody wants relaxed.
     *
     * @param level {@code may} or {@code encrypt}
     * @param until within 30 days from now
     * @param reason for the audit and the rule's note
     */
    record NewRelaxation(
            @Nullable String nextHop,
            @Nullable String level,
            @Nullable Instant until,
            @Nullable String reason) {}
}
