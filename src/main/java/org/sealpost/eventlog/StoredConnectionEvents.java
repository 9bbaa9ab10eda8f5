package org.sealpost.eventlog;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;

/** The door to the log, which asks for the permission. */
@Service
@PreAuthorize("hasAuthority('events:read')")
class StoredConnectionEvents implements ConnectionEvents {

    private final EventLog log;

    StoredConnectionEvents(EventLog log) {
        this.log = log;
    }

    @Override
    public List<ConnectionEvent> latest(EventFilter filter, @Nullable Long before, int size) {
        return log.latest(filter, before, size);
    }

    @Override
    public List<ConnectionEvent> earliest(EventFilter filter, @Nullable Long after, int size) {
        return log.earliest(filter, after, size);
    }

    @Override
    public List<ConnectionEvent> ofMessage(String queueId) {
        return log.ofMessage(queueId);
    }

    @Override
    public long count(EventFilter filter) {
        return log.count(filter);
    }

    @Override
    public Subscription follow(EventFilter filter, @Nullable Long lastSeen, Follower follower) {
        return log.follow(filter, lastSeen, follower);
    }
}
