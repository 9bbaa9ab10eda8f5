package org.sealpost.account;

import org.springframework.security.core.AuthenticatedPrincipal;

/** A program with a token; the audit names both, its owner first. */
record TokenCaller(String owner, String token) implements AuthenticatedPrincipal {

    @Override
    public String getName() {
        return owner + " (token " + token + ")";
    }
}
