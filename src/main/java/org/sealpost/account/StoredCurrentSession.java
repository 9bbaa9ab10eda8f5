package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/** Stores the changed sign-in under another session id, as a sign-in does (session fixation). */
@Component
class StoredCurrentSession implements CurrentSession {

    private final UserRows users;
    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();

    StoredCurrentSession(UserRows users) {
        this.users = users;
    }

    @Override
    public void passwordChanged(HttpServletRequest request, HttpServletResponse response) {
        Authentication caller = Caller.person();
        UserEntity user = users.findByUsername(caller.getName()).orElseThrow();
        SignedIn now =
                caller.getPrincipal() instanceof SignedIn before
                        ? before.renewed(user)
                        : SignedIn.of(user);
        var renewed =
                UsernamePasswordAuthenticationToken.authenticated(
                        now, null, caller.getAuthorities());
        renewed.setDetails(caller.getDetails());
        store(renewed, request, response);
    }

    @Override
    public void secondFactorEnrolled(HttpServletRequest request, HttpServletResponse response) {
        Authentication caller = Caller.person();
        if (caller.getPrincipal() instanceof SignedIn session) {
            store(CodeSignIn.withCode(caller, session), request, response);
        }
    }

    private void store(
            Authentication changed, HttpServletRequest request, HttpServletResponse response) {
        request.changeSessionId();
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(changed);
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
    }
}
