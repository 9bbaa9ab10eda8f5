package org.sealpost.account;

import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Service;

/** Asks the users table, as each request does. */
@Service
class StoredOpenSessions implements OpenSessions {

    private final UserRows users;

    StoredOpenSessions(UserRows users) {
        this.users = users;
    }

    @Override
    public boolean isStillGood(Authentication caller) {
        return caller.getPrincipal() instanceof SignedIn session
                && users.findByUsername(session.username()).filter(session::isStill).isPresent();
    }
}
