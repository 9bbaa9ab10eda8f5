package org.sealpost.account;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who calls a door of this module. */
final class Caller {

    private Caller() {}

    /** A person: a token that leaked must not make itself successors. */
    static Authentication person() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller == null || caller.getPrincipal() instanceof TokenCaller) {
            throw new AccessDeniedException("only a person may do this, not a token");
        }
        return caller;
    }
}
