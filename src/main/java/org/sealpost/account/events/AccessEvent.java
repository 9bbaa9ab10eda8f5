package org.sealpost.account.events;

import org.jspecify.annotations.Nullable;

/** Somebody came in over HTTP, or was kept out; published before the request is answered. */
public sealed interface AccessEvent {

    /** How a password came. */
    enum Door {
        /** The sign-in page. */
        PAGE,
        /** HTTP Basic, which repeats it with every request. */
        PROGRAM
    }

    String address();

    /** The password was right. */
    record SignedIn(String username, String address, Door door) implements AccessEvent {}

    /**
     * The password was wrong, or not looked at any more.
     *
     * @param username null when there is no such user: what was typed there may be a password
     * @param throttled whether there were too many failures before
     */
    record SignInFailed(@Nullable String username, String address, Door door, boolean throttled)
            implements AccessEvent {}

    /**
     * Somebody signed in asked for more than the roles allow.
     *
     * @param request method and path
     */
    record Denied(String username, String address, String request) implements AccessEvent {}
}
