package org.sealpost.account;

import java.time.Instant;
import java.util.List;
import org.springframework.security.core.Authentication;

/** The console's sessions, and whether people who were let in would still be let in. */
public interface OpenSessions {

    /**
     * False once the caller's session was revoked or has ended, or its user is removed, disabled,
     * or has another password than at sign-in; for what outlives a request.
     */
    boolean isStillGood(Authentication caller);

    /** The caller's own sessions, the one used last first. */
    List<Session> own();

    /** Whether the caller looks from this one. */
    boolean isCurrent(Session session);

    /** Everybody's sessions. Needs {@code users:read}. */
    List<Session> all();

    /** Ends one of the caller's own sessions. */
    void endOwn(String handle);

    /** Ends anybody's session. Needs {@code users:write}. */
    void end(String handle);

    /**
     * A session.
     *
     * @param handle names it; it is not the secret the browser sends
     * @param browser as it calls itself
     */
    record Session(
            String handle,
            String username,
            Instant since,
            Instant lastUsed,
            String address,
            String browser) {}
}
