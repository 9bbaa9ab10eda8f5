package org.sealpost.console;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.OpenSessions;
import org.springframework.security.core.Authentication;

/** Whose page a stream is for: the stream outlives the request that was let in. */
record WatchedSession(OpenSessions sessions, Authentication caller, @Nullable HttpSession session) {

    /** Whether the session would still be let in. */
    boolean mayGoOn() {
        if (session == null) {
            return false;
        }
        try {
            session.getCreationTime(); // fails once the session has ended
        } catch (IllegalStateException ended) {
            return false;
        }
        return sessions.isStillGood(caller);
    }
}
