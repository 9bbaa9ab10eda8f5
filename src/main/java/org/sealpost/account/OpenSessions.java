package org.sealpost.account;

import org.springframework.security.core.Authentication;

/** Whether people who were let in would still be let in, for what outlives a request. */
public interface OpenSessions {

    /** False once the caller's user is removed, or has another password than at sign-in. */
    boolean isStillGood(Authentication caller);
}
