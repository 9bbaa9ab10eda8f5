package org.sealpost.certificate;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which certificate stands at the end of each id's renewals at a moment. */
final class Successions {

    private final Map<Long, Succession> byId = new HashMap<>();
    private final Instant now;

    Successions(Collection<Succession> all, Instant now) {
        this.now = now;
        all.forEach(one -> byId.put(one.certificateId(), one));
    }

    /** The certificate that is used where this id is named. */
    long inForce(long id) {
        var seen = new HashSet<Long>();
        long current = id;
        Succession next = byId.get(current);
        while (next != null && next.hasSwitched(now) && seen.add(current)) {
            current = next.successorId();
            next = byId.get(current);
        }
        return current;
    }

    /** All ids that lead to this certificate, its own only if it has no successor in force. */
    Set<Long> namesOf(long id) {
        Set<Long> names =
                byId.keySet().stream()
                        .filter(other -> inForce(other) == id)
                        .collect(Collectors.toCollection(HashSet::new));
        if (inForce(id) == id) {
            names.add(id);
        }
        return names;
    }

    /** The certificates that this one is staged to follow but has not followed yet. */
    Set<Long> stagedFor(long id) {
        return byId.values().stream()
                .filter(one -> one.successorId() == id && !one.hasSwitched(now))
                .map(Succession::certificateId)
                .collect(Collectors.toSet());
    }

    Set<Long> ids() {
        return byId.keySet();
    }

    Optional<Succession> of(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** When what this object says becomes old; empty when nothing is planned. */
    Optional<Instant> nextSwitch() {
        return byId.values().stream()
                .filter(one -> !one.hasSwitched(now))
                .map(Succession::switchAt)
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
    }

    /** Whether staging this pair would lead in a circle, now or after planned switches. */
    boolean wouldCircle(long id, long successor) {
        var seen = new HashSet<>(Set.of(id));
        long current = successor;
        while (seen.add(current)) {
            Succession next = byId.get(current);
            if (next == null) {
                return false;
            }
            current = next.successorId();
        }
        return true;
    }
}
