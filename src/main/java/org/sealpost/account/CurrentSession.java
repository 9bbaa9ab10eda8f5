package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** What a page does to the session it was asked in, after its user changed how to sign in. */
public interface CurrentSession {

    /** Goes on under the changed password; all other sessions of the user end. */
    void passwordChanged(HttpServletRequest request, HttpServletResponse response);

    /** The code that set up a second factor counts for this session; others are asked for one. */
    void secondFactorEnrolled(HttpServletRequest request, HttpServletResponse response);
}
